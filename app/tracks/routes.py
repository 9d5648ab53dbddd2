"""GET /1.2/track/… and /1.2/release/…: the doors to the look-ups."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from app.codes import INVALID, UNABLE
from app.errors import ApiError, unavailable
from app.formats import reply_format
from app.gateway.gate import Gate, Visit
from app.gateway.services import TRACKS
from app.tracks.albums import Albums, Away, NotHere
from app.tracks.answer import Answer
from app.tracks.cache import AnswerCache
from app.tracks.lookups import Asked, batch, release_details, release_tracks, track_details
from app.tracks.query import Parameters, read_flag, read_id, read_ids, read_moment, read_page, read_view
from common.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Clients keep an answer no longer than this (contract.md: `private, max-age=60`).
MOST_AGE_SECONDS = 60
STILL_COMING = "The catalogue is still arriving in this region, and this isn't here yet. Try again."


class MadeResponse(Response):
    """All of its headers are there: none is looked for, guessed or corrected."""

    default_mimetype = None
    automatically_set_content_length = False

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002 - the framework's signature
        return self.headers


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


#: By path: under which key an answer is kept. Each raises ApiError when what is asked for can't be read.
KEYS: dict[str, Callable[[Parameters], tuple[Hashable, ...]]] = {
    "/1.2/track/details": lambda asked: ("track", read_id(asked, "trackId")),
    "/1.2/track/details/batch": lambda asked: (
        "batch",
        tuple(read_ids(asked, "trackIds")),
        read_flag(asked, "showErrors"),
    ),
    "/1.2/release/details": lambda asked: ("release", read_id(asked, "releaseId")),
    "/1.2/release/tracks": lambda asked: ("release-tracks", read_id(asked, "releaseId"), read_page(asked)),
}


class TrackDoor:
    """What the routes work with."""

    def __init__(self, gate: Gate, catalogue: Catalogue, clock: Clock) -> None:
        self.gate, self.clock = gate, clock
        self.albums, self.cache, self.follower = catalogue.albums, catalogue.cache, catalogue.follower

    def answer(self, visit: Visit, make: Callable[[Asked], Answer]) -> Response:
        """The answer, kept or made. Raises ApiError."""
        view = read_view(visit.parameters)
        form = reply_format(request)
        as_of = self._as_of(visit)
        now = as_of or self.clock.now()
        whole = (*KEYS[request.path](visit.parameters), view, form)
        answer = self.cache.get(whole, now) if as_of is None and self.follower.is_trusted else None
        if answer is None:
            tick = self.cache.tick
            try:
                answer = make(Asked(view, form, now, self.follower.as_of is not None))
            except Away:
                raise unavailable("The catalogue can't be read just now. Try again.", code=UNABLE) from None
            except NotHere:
                raise unavailable(STILL_COMING, code=UNABLE) from None
            if as_of is None:
                self.cache.put(whole, answer, tick)
        return self._reply(answer, now)

    def _as_of(self, visit: Visit) -> datetime | None:
        moment = read_moment(visit.parameters, "asOf")
        if moment is not None and not visit.client.is_test:
            raise ApiError(400, INVALID, "asOf, another moment for the rights, is for test clients.")
        return moment

    def _reply(self, answer: Answer, now: datetime) -> Response:
        headers = headers_of_answer(answer, now, self.follower.as_of)
        if is_unchanged(answer, request.environ):
            return MadeResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        headers += [("Content-Type", answer.form), ("Content-Length", str(len(answer.body)))]
        return MadeResponse(answer.body, status=answer.status, headers=headers)


def track_routes(door: TrackDoor) -> Blueprint:
    """The four look-ups."""
    routes = Blueprint("tracks", __name__)

    def enter() -> Visit:
        return door.gate.enter(request, TRACKS)

    @routes.get("/1.2/track/details")
    def details() -> Response:
        visit = enter()
        track_id = read_id(visit.parameters, "trackId")
        return door.answer(visit, lambda asked: track_details(door.albums, track_id, asked))

    @routes.get("/1.2/track/details/batch")
    def details_batch() -> Response:
        visit = enter()
        ids, shows = read_ids(visit.parameters, "trackIds"), read_flag(visit.parameters, "showErrors")
        return door.answer(visit, lambda asked: batch(door.albums, ids, asked, shows_errors=shows))

    @routes.get("/1.2/release/details")
    def release() -> Response:
        visit = enter()
        release_id = read_id(visit.parameters, "releaseId")
        return door.answer(visit, lambda asked: release_details(door.albums, release_id, asked))

    @routes.get("/1.2/release/tracks")
    def tracks() -> Response:
        visit = enter()
        release_id, page = read_id(visit.parameters, "releaseId"), read_page(visit.parameters)
        return door.answer(visit, lambda asked: release_tracks(door.albums, release_id, page, asked))

    return routes


def headers_of_answer(answer: Answer, now: datetime, as_of: datetime | None) -> list[tuple[str, str]]:
    """All that an answer has whether or not its body is sent."""
    headers = [("ETag", answer.etag), ("Cache-Control", f"private, max-age={_age(answer, now)}"), ("Vary", "Accept")]
    if answer.version is not None:
        headers.append(("X-Catalogue-Version", str(answer.version)))
    if answer.refused:
        headers.append(("X-Usage-Refused", answer.refused))
    if as_of is not None:
        headers.append(("X-Catalogue-As-Of", _second(as_of.replace(microsecond=0))))
    return headers


def is_unchanged(answer: Answer, environ: Mapping[str, Any]) -> bool:
    """Whether the client has the answer already."""
    is_had = environ.get("HTTP_IF_NONE_MATCH")
    return is_had is not None and answer.status == HTTPStatus.OK and _matches(is_had, answer.etag)


@lru_cache(maxsize=16)
def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _age(answer: Answer, now: datetime) -> int:
    """Seconds for which a client may keep the answer: not beyond the next change of a right."""
    if answer.changes_at is None:
        return MOST_AGE_SECONDS
    return max(0, min(MOST_AGE_SECONDS, int((answer.changes_at - now).total_seconds())))


def _matches(header: str, etag: str) -> bool:
    """Whether If-None-Match names the ETag, strong or weak (RFC 9110, 13.1.2)."""
    if header == etag:
        return True
    if header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == etag for part in header.split(","))
