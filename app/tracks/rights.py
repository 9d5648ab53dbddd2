"""Which uses of a track or release are allowed in a country at a moment, and until when the answer stays true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

DOWNLOAD, SUBSCRIPTION, AD_SUPPORTED = "download", "subscriptionStreaming", "adSupportedStreaming"
#: In the order in which answers have them.
USAGE_TYPES = (DOWNLOAD, SUBSCRIPTION, AD_SUPPORTED)


class Right(NamedTuple):
    """One use in one country, from a moment to another; without an end it lasts."""

    usage_type: str
    start: datetime
    end: datetime | None
    preview: datetime | None


@dataclass(frozen=True)
class Verdict:
    """What holds at a moment.

    `refused` has, for each use that was asked for and doesn't hold, the moment from which it will; None: never, as
    far as is known. `is_known` says whether there is a right in the country at all, of any use and time.
    """

    holding: Mapping[str, Right]
    refused: Mapping[str, datetime | None]
    is_known: bool
    changes_at: datetime | None

    @property
    def opens_at(self) -> datetime | None:
        """When the first of the refused uses begins."""
        return min((moment for moment in self.refused.values() if moment is not None), default=None)


def rights_in(country: str, availability: Iterable[Mapping[str, Any]]) -> list[Right]:
    """The rights in a country, as a document of the catalogue has them."""
    return [
        Right(each["usageType"], _moment(each["start"]), _maybe(each.get("end")), _maybe(each.get("previewStart")))
        for each in availability
        if country in each["territories"]
    ]


def judge(rights: Sequence[Right], asked: Sequence[str], now: datetime) -> Verdict:
    """What holds of the uses that are asked for; of a use with several spans that hold, the one that began first."""
    holding: dict[str, Right] = {}
    refused: dict[str, datetime | None] = {}
    for usage_type in asked:
        spans = [right for right in rights if right.usage_type == usage_type]
        held = [right for right in spans if right.start <= now and (right.end is None or now < right.end)]
        if held:
            holding[usage_type] = min(held, key=lambda right: right.start)
        else:
            refused[usage_type] = min((right.start for right in spans if right.start > now), default=None)
    return Verdict(holding, refused, bool(rights), next_change(rights, now))


def next_change(rights: Iterable[Right], now: datetime) -> datetime | None:
    """When a right begins or ends next."""
    edges = (edge for right in rights for edge in (right.start, right.end) if edge is not None and edge > now)
    return min(edges, default=None)


def soonest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of some moments; None: never."""
    return min((moment for moment in moments if moment is not None), default=None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
