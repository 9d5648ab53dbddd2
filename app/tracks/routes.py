"""GET /1.2/track/… and /1.2/release/…: the doors to the look-ups."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from app.codes import INVALID, UNABLE
from app.errors import ApiError, unavailable
from app.formats import reply_format
from app.gateway.gate import Gate, Visit
from app.gateway.services import TRACKS
from app.tracks.albums import Away, NotHere
from app.tracks.answer import Answer
from app.tracks.making import READERS, Catalogue, make, read_question
from app.tracks.query import read_moment
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


class TrackDoor:
    """What the routes work with."""

    def __init__(self, gate: Gate, catalogue: Catalogue, clock: Clock) -> None:
        self._gate, self._clock, self._catalogue = gate, clock, catalogue

    def answer(self) -> Response:
        """The answer to the request, kept or made. Raises ApiError."""
        visit = self._gate.enter(request, TRACKS[request.path])
        question = read_question(request.path, visit.parameters, reply_format(request))
        as_of = self._as_of(visit)
        now = as_of or self._clock.now()
        is_kept = as_of is None and self._catalogue.follower.is_trusted
        answer = self._catalogue.cache.get(question.key, now) if is_kept else None
        if answer is None:
            try:
                answer = make(self._catalogue, question, now, keeps=as_of is None)
            except Away:
                raise unavailable("The catalogue can't be read just now. Try again.", code=UNABLE) from None
            except NotHere:
                raise unavailable(STILL_COMING, code=UNABLE) from None
        return self._reply(answer, now)

    def _as_of(self, visit: Visit) -> datetime | None:
        moment = read_moment(visit.parameters, "asOf")
        if moment is not None and not visit.client.is_test:
            raise ApiError(400, INVALID, "asOf, another moment for the rights, is for test clients.")
        return moment

    def _reply(self, answer: Answer, now: datetime) -> Response:
        headers = headers_of_answer(answer, now, self._catalogue.follower.as_of)
        if is_unchanged(answer, request.environ):
            return MadeResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        headers += [("Content-Type", answer.form), ("Content-Length", str(len(answer.body)))]
        return MadeResponse(answer.body, status=answer.status, headers=headers)


def track_routes(door: TrackDoor) -> Blueprint:
    """The four look-ups."""
    routes = Blueprint("tracks", __name__)
    for path in READERS:
        routes.add_url_rule(path, path.removeprefix("/1.2/"), door.answer, methods=["GET"])
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
