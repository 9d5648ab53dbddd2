"""One comparison as it is kept: without key, signature and listener."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from moving.comparator.canonical import Answer
from moving.comparator.judge import Judgement
from moving.comparator.told import Told

#: What of a query says what was asked for, and nothing of who asked.
SHOWN_PARAMETERS = frozenset(
    {
        *("trackid", "trackids", "releaseid", "country", "usagetypes", "imagesize", "page", "pagesize", "showerrors"),
        *("shopid", "asof"),
    }
)


class Comparison(NamedTuple):
    """As a row of move_comparison."""

    path: str
    client: str
    track: str
    origin: str
    verdict: str
    legacy_status: int
    our_status: int
    legacy_ms: float
    our_ms: float
    detail: Mapping[str, Any] | None


def comparison_of(told: Told, judgement: Judgement, legacy: Answer, ours: Answer | None) -> Comparison:
    """What is kept of one."""
    detail = {
        "url": shown_target(told.target),
        "accept": told.accept,
        "request_id": told.request_id,
        "trace": told.trace,
        "fields": [list(each) for each in judgement.fields],
    }
    return Comparison(
        told.path,
        told.client,
        told.track,
        told.origin,
        judgement.verdict,
        legacy.status,
        0 if ours is None else ours.status,
        round(legacy.seconds * 1000, 3),
        0.0 if ours is None else round(ours.seconds * 1000, 3),
        None if judgement.verdict == "equal" else detail,
    )


def shown_target(target: str) -> str:
    """Path and query with the parameters of SHOWN_PARAMETERS alone."""
    path, _, query = target.partition("?")
    pairs = [
        (name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() in SHOWN_PARAMETERS
    ]
    return f"{path}?{urlencode(pairs, quote_via=quote, safe=',')}" if pairs else path
