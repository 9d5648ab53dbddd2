"""What the stand-in does wrong when it is told to: a wrong field, a time stamp, a delay, a status."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson

#: Fields of a track's document that can be wrong, and what they are then.
WRONG = {"title": "a wrong title", "isrc": "XXXXX0000000", "duration": 1, "explicitContent": True}
MOST_DELAY_SECONDS = 30.0
#: The types of JSON's values that each may have.
KINDS: Mapping[str, tuple[type, ...]] = {
    "wrong_field": (str, type(None)),
    "time_stamp": (bool,),
    "delay_seconds": (int, float),
    "status": (int, type(None)),
}


class BadFaults(ValueError):
    """Not faults that the stand-in knows; the message says which there are."""


@dataclass(frozen=True)
class Faults:
    """All at once, of each answer, until others are set."""

    #: The name of a track's field, of WRONG.
    wrong_field: str | None = None
    #: The track's p-line says when the answer was made.
    time_stamp: bool = False
    delay_seconds: float = 0.0
    #: Instead of an answer.
    status: int | None = None

    def __post_init__(self) -> None:
        if self.wrong_field is not None and self.wrong_field not in WRONG:
            raise BadFaults(f"wrong_field must be one of {', '.join(WRONG)}")
        if not 0 <= self.delay_seconds <= MOST_DELAY_SECONDS:
            raise BadFaults(f"delay_seconds must be from 0 to {MOST_DELAY_SECONDS:g}")
        if self.status is not None and not 400 <= self.status <= 599:
            raise BadFaults("status must be from 400 to 599")


def read_faults(data: bytes) -> Faults:
    """From a JSON object; an empty one is none. Raises BadFaults."""
    try:
        given = orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or set(given) - set(KINDS):
        raise BadFaults(f"give a JSON object with some of {', '.join(KINDS)}")
    for name, value in given.items():
        if type(value) not in KINDS[name]:
            raise BadFaults(f"{name} must be {' or '.join(kind.__name__ for kind in KINDS[name])}")
    return Faults(**given)


class Switch:
    """The faults of now; may be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = Faults()

    @property
    def faults(self) -> Faults:
        with self._lock:
            return self._faults

    def set(self, faults: Faults) -> None:
        with self._lock:
            self._faults = replace(faults)

    def wait(self) -> None:
        """The delay."""
        seconds = self.faults.delay_seconds
        if seconds:
            time.sleep(seconds)

    def change(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """A release's document with what is wrong of it."""
        faults = self.faults
        wrong: dict[str, Any] = {}
        if faults.wrong_field is not None:
            wrong[faults.wrong_field] = WRONG[faults.wrong_field]
        if faults.time_stamp:
            wrong["pLine"] = f"℗ said at {datetime.now(UTC).isoformat()}"
        if not wrong:
            return document
        return {**document, "tracks": [{**track, **wrong} for track in document["tracks"]]}
