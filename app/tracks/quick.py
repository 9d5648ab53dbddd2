"""Look-ups are answered before Flask: they need the verdict, a look at the cache, and at times one at the database."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from app.access import log_headers, measure
from app.errors import ApiError
from app.formats import ANYTHING, JSON, XML
from app.gateway.decision import headers_of
from app.gateway.gate import DECIDED, Gate
from app.gateway.presented import Presented, present
from app.gateway.services import TRACKS
from app.request_ids import new_request_id
from app.tracks.albums import Away, NotHere
from app.tracks.answer import Answer
from app.tracks.making import READERS, Catalogue, Question, make, read_question
from app.tracks.routes import headers_of_answer, is_unchanged
from common.clock import Clock
from common.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

_NO_BODY = frozenset({"", "0"})


class QuickAnswers:
    """A WSGI application around Flask's. It answers what Flask would, header for header, or hands the request on.

    The verdict is asked for once: it goes on with the request when Flask has to answer after all.
    """

    def __init__(
        self, flask: "WSGIApplication", gate: Gate, catalogue: Catalogue, clock: Clock, metrics: Metrics
    ) -> None:
        self._flask, self._gate, self._clock, self._metrics = flask, gate, clock, metrics
        self._catalogue = catalogue

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = self._clock.monotonic()
        found = self._find(environ)
        if found is None:
            return self._flask(environ, start_response)
        presented, question = found
        decision = self._gate.decided(environ) or self._gate.decide(presented, TRACKS[environ["PATH_INFO"]])
        # The verdict may have waited for the database: what was kept before it may be true no more.
        now = self._clock.now()
        answer = None if decision.fault else self._answer(question, now)
        if answer is None:
            environ[DECIDED] = decision
            return self._flask(environ, start_response)
        headers = headers_of_answer(answer, now, self._catalogue.follower.as_of)
        status, body = answer.status, answer.body
        if is_unchanged(answer, environ):
            status, body = HTTPStatus.NOT_MODIFIED, b""
        else:
            headers += [("Content-Type", answer.form), ("Content-Length", str(len(body)))]
        headers.append(("X-Request-Id", str(new_request_id(self._clock))))
        headers += headers_of(decision).items()
        headers += log_headers(decision)
        start_response(_line(status), headers)
        measure(self._metrics, status, "none", (self._clock.monotonic() - started) * 1000)
        return [body]

    def _find(self, environ: "WSGIEnvironment") -> tuple[Presented, Question] | None:
        """Who asks, and what; None when Flask has to look."""
        path = environ.get("PATH_INFO", "")
        if path not in READERS or environ["REQUEST_METHOD"] != "GET" or _has_body(environ):
            return None
        if not self._catalogue.follower.is_trusted:
            return None
        accept = environ.get("HTTP_ACCEPT")
        form = JSON if accept == JSON else XML if accept in ANYTHING else None
        try:
            presented = present(environ)
            if form is None or "asof" in presented.query:
                return None
            return presented, read_question(path, presented.query, form)
        except ApiError:
            # Flask reads it again, and says what is wrong with it.
            return None

    def _answer(self, question: Question, now: datetime) -> Answer | None:
        """Kept or made; None when it can't be made, which Flask finds as well, and says."""
        answer = self._catalogue.cache.get(question.key, now)
        if answer is not None:
            return answer
        try:
            return make(self._catalogue, question, now)
        except (Away, NotHere):
            return None
        except Exception:
            # A document that was damaged, say: Flask meets it as well, logs it, and answers in our own words.
            logger.warning("a look-up failed before Flask, which tries again", exc_info=True)
            return None


def _has_body(environ: "WSGIEnvironment") -> bool:
    """A form may hold the key, and whatever comes has to be read to its end."""
    return environ.get("CONTENT_LENGTH", "") not in _NO_BODY or "HTTP_TRANSFER_ENCODING" in environ


@cache
def _line(status: int) -> str:
    return f"{int(status)} {HTTPStatus(status).phrase.upper()}"
