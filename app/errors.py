"""The one error that routes raise, and the one place that renders it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from app.codes import INVALID, NOT_FOUND, TIMED_OUT, UNABLE, UNEXPECTED
from app.formats import JSON, XML, reply_format
from app.xml_text import xml_attribute, xml_text

logger = logging.getLogger(__name__)

#: Seconds after which a refused sender should try again.
RETRY_SECONDS = 5

SENTENCES = {
    400: (INVALID, "This is not a request that we can read."),
    404: (NOT_FOUND, "There is nothing at this path."),
    405: (INVALID, "This method can't be used here."),
    408: (TIMED_OUT, "The request took too long to arrive. Nothing of it was kept."),
    413: (INVALID, "The body is too large."),
}
UNEXPECTED_SENTENCE = "An unexpected error. It is logged under the X-Request-Id."


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a body: where, by which rule, and whether the same log may pass later."""

    pointer: str
    rule: str
    code: int
    message: str
    index: int | None = None
    retry: bool = False

    def facts(self) -> dict[str, Any]:
        place = {} if self.index is None else {"index": self.index}
        rest = {"pointer": self.pointer, "rule": self.rule, "code": self.code}
        return place | rest | {"message": self.message, "retry": self.retry}


@dataclass(eq=False)
class ApiError(Exception):
    """A request that is refused: status, code and sentence, and the problems of the body where it has some."""

    status: int
    code: int
    message: str
    problems: Sequence[Problem] = ()
    total: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"


def unavailable(message: str, *, kept: str = "no", code: int = UNABLE, seconds: int = RETRY_SECONDS) -> ApiError:
    """503. `kept` says whether anything of the request may be stored: no, or unknown."""
    return ApiError(503, code, message, headers={"Retry-After": str(seconds), "X-Kept": kept})


def render(error: ApiError, form: str) -> Response:
    """The reply to a refused request, as JSON or XML."""
    reply = Response(body_of(error, form), status=error.status, content_type=form)
    reply.headers.update(error.headers)
    return reply


def body_of(error: ApiError, form: str) -> bytes:
    """The body of the reply, as JSON or XML."""
    return _xml(error) if form == XML else as_json(error)


def as_json(error: ApiError) -> bytes:
    """The body of the reply."""
    inner: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.problems:
        inner["errors"] = [problem.facts() for problem in error.problems]
        inner["total"] = error.total
    return orjson.dumps({"error": inner})


def _xml(error: ApiError) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<response status="error" version="1.2">'
        f'<error code="{error.code}"><errorMessage>{xml_text(error.message)}</errorMessage>{_xml_problems(error)}'
        "</error></response>"
    ).encode()


def _xml_problems(error: ApiError) -> str:
    """Behind the message, which clients want as the first child of the error."""
    if not error.problems:
        return ""
    parts = [f'<errors total="{error.total}">']
    for problem in error.problems:
        *places, (_, message), (_, retry) = problem.facts().items()
        given = "".join(f" {name}={xml_attribute(str(value))}" for name, value in places)
        again = "true" if retry else "false"
        parts.append(f'<error{given} retry="{again}"><errorMessage>{xml_text(message)}</errorMessage></error>')
    return "".join([*parts, "</errors>"])


def handle_errors(app: Flask) -> None:
    """Makes every error of the app a reply of ours."""

    def refused(error: ApiError) -> Response:
        return render(error, reply_format(request))

    def from_the_framework(error: HTTPException) -> Response:
        code, message = SENTENCES.get(error.code or 500, (UNABLE, "The request can't be answered."))
        allow = dict(error.get_headers()).get("Allow")
        headers = {"Allow": allow} if allow else {}
        return refused(ApiError(error.code or 500, code, message, headers=headers))

    def unexpected(error: Exception) -> Response:
        facts = {"request_id": str(g.get("request_id", "none"))}
        logger.error("unexpected error in request %(request_id)s", facts, extra=facts, exc_info=error)
        # Nobody knows whether a record was produced before it.
        return refused(ApiError(500, UNEXPECTED, UNEXPECTED_SENTENCE, headers={"X-Kept": "unknown"}))

    app.register_error_handler(ApiError, refused)
    app.register_error_handler(HTTPException, from_the_framework)
    app.register_error_handler(Exception, unexpected)


__all__ = ["JSON", "XML", "ApiError", "Problem", "handle_errors", "render", "unavailable"]
