"""Makes what is asked for out of the region's copy, and keeps it: the same for both ways to an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.tracks.albums import Albums
from app.tracks.answer import Answer
from app.tracks.cache import AnswerCache
from app.tracks.lookups import Asked, batch, release_details, release_tracks, track_details
from app.tracks.query import Parameters, View, read_flag, read_id, read_ids, read_page, read_view

#: What is asked for: the kind of look-up, and its own parameters. With view and format it is the key of its answer.
Wanted = tuple[Any, ...]


class Following(Protocol):
    """What is asked of app.tracks.follower.Follower."""

    @property
    def as_of(self) -> datetime | None: ...

    @property
    def is_trusted(self) -> bool: ...


@dataclass(frozen=True)
class Catalogue:
    """The region's copy of the catalogue, as a process reads it."""

    albums: Albums
    cache: AnswerCache
    follower: Following


@dataclass(frozen=True)
class Question:
    """What is asked for, how it is to look, and in which format."""

    wanted: Wanted
    view: View
    form: str

    @property
    def key(self) -> Wanted:
        """Under which its answer is kept."""
        return (*self.wanted, self.view, self.form)


#: By path. Each raises ApiError when what is asked for can't be read.
READERS: dict[str, Callable[[Parameters], Wanted]] = {
    "/1.2/track/details": lambda asked: ("track", read_id(asked, "trackId")),
    "/1.2/track/details/batch": lambda asked: (
        "batch",
        tuple(read_ids(asked, "trackIds")),
        read_flag(asked, "showErrors"),
    ),
    "/1.2/release/details": lambda asked: ("release", read_id(asked, "releaseId")),
    "/1.2/release/tracks": lambda asked: ("release-tracks", read_id(asked, "releaseId"), read_page(asked)),
}

MAKERS: dict[str, Callable[[Albums, Wanted, Asked], Answer]] = {
    "track": lambda albums, wanted, asked: track_details(albums, wanted[1], asked),
    "batch": lambda albums, wanted, asked: batch(albums, wanted[1], asked, shows_errors=wanted[2]),
    "release": lambda albums, wanted, asked: release_details(albums, wanted[1], asked),
    "release-tracks": lambda albums, wanted, asked: release_tracks(albums, wanted[1], wanted[2], asked),
}


def read_question(path: str, parameters: Parameters, form: str) -> Question:
    """Raises ApiError naming the parameter and the rule."""
    wanted = READERS[path](parameters)
    return Question(wanted, read_view(parameters), form)


def make(catalogue: Catalogue, question: Question, now: datetime, *, keeps: bool = True) -> Answer:
    """The answer as of `now`, made anew; it is kept unless its release changes meanwhile. Raises Away and NotHere."""
    tick = catalogue.cache.tick
    asked = Asked(question.view, question.form, now, catalogue.follower.as_of is not None)
    answer = MAKERS[question.wanted[0]](catalogue.albums, question.wanted, asked)
    if keeps:
        catalogue.cache.put(question.key, answer, tick)
    return answer
