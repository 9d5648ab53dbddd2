"""A release as the region has it, and where its tracks are found."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol


class Album(NamedTuple):
    """One release whole: its document is that of the catalogue's record (catalogue/source/documents.py)."""

    release_id: int
    version: int
    document: Mapping[str, Any]

    def track(self, track_id: int) -> Mapping[str, Any] | None:
        """The track of that id on it."""
        return next((track for track in self.document["tracks"] if track["id"] == track_id), None)


class Albums(Protocol):
    """Where albums come from; each raises Away when nobody can say."""

    def of_tracks(self, track_ids: Iterable[int]) -> Mapping[int, Album]:
        """The album of each track that is on one, by track id."""

    def of_release(self, release_id: int) -> Album | None:
        """The release; None when there is none, or no more."""


class Away(Exception):
    """The catalogue can't be asked just now."""


class NotHere(Exception):
    """It isn't in the region's copy, which hasn't been whole so far: nobody here knows whether it exists."""
