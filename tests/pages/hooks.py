"""What schemathesis is told: data that the contract allows is made such that it passes rules beyond any schema.

A schema can't say that a play is at most 61 days old, that UK is no country, or which tracks there are. Only values
that have the right shape are touched: what was made to be refused still is.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import schemathesis

from catalogue.sample.make import FIRST_RELEASE_ID, FIRST_TRACK_ID

#: In the folder where schemathesis runs.
ANSWERS = Path("answers.txt")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
    re.ASCII,
)
COUNTRY = re.compile(r"[A-Za-z]{2}")
DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
WHOLE = {"trackId": 2**31 - 1, "releaseId": 2**31 - 1, "formatId": 2**31 - 1, "totalTimePlayed": 86_400}
IDS = {"trackId": FIRST_TRACK_ID, "releaseId": FIRST_RELEASE_ID}
MOST_ID = 2**32 - 1


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001
    """Notes each answer, by which the test sees that operations were reached, rather than refused at the door."""
    with ANSWERS.open("a") as file:
        file.write(f"{case.operation.label} {response.status_code}\n")


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:  # noqa: ARG001 - as the library calls it
    """Logs of now, from a country that there is, with numbers within their bounds."""
    if not isinstance(body, dict):
        return body
    return {name: [_log(each) for each in value] if isinstance(value, list) else value for name, value in body.items()}


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:  # noqa: ARG001
    """A country that there is, and a track that is in the catalogue; every client but a test client is of now."""
    if not isinstance(query, dict):
        return query
    made = {name: _parameter(name, value) for name, value in query.items()}
    made.pop("asOf", None)
    return made


def _log(log: Any) -> Any:
    if not isinstance(log, Mapping):
        return log
    return {name: _field(name, value) for name, value in log.items()}


def _field(name: str, value: Any) -> Any:
    if name == "dateTimePlayed" and isinstance(value, str) and INSTANT.fullmatch(value):
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if name in WHOLE and isinstance(value, str) and DIGITS.fullmatch(value):
        return str(min(max(int(value), 1), WHOLE[name]))
    return _country(name, value)


def _parameter(name: str, value: Any) -> Any:
    if name in IDS and str(value).isdigit() and 1 <= int(value) <= MOST_ID:
        return IDS[name]
    return _country(name, value)


def _country(name: str, value: Any) -> Any:
    return "GB" if name == "country" and isinstance(value, str) and COUNTRY.fullmatch(value) else value
