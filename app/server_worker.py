"""gunicorn's threaded worker, which answers what it can't read as a request in our one shape."""

import logging
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import errors as unreadable
from gunicorn.workers.gthread import ThreadWorker

from app.codes import INVALID, UNEXPECTED
from app.errors import UNEXPECTED_SENTENCE, ApiError, as_json
from app.request_ids import new_request_id
from common.clock import SystemClock

logger = logging.getLogger(__name__)

#: Waited before a new connection is taken, for each that is open. nginx keeps its connections: new ones are rare.
SECONDS_A_CONNECTION = 0.000_1
LONGEST_WAIT_SECONDS = 0.005

STATUSES = {
    unreadable.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    unreadable.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    unreadable.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    unreadable.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class ServerWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Serves as its parent does, but for two things.

    The parent would log the request line, and the client's key with it. And its workers race for each new connection:
    of 32, one of two workers was seen to take 29, and to refuse what it had no thread for while the other was idle.
    Here the worker with more connections is later at the race.
    """

    def accept(self, listener: Any) -> None:
        """Takes a new connection, if no worker with fewer connections took it meanwhile."""
        time.sleep(min(self.nr_conns * SECONDS_A_CONNECTION, LONGEST_WAIT_SECONDS))
        super().accept(listener)

    def handle_error(self, _: Any, client: Any, __: Any, exc: BaseException) -> None:
        """Answers a request that couldn't be read, or whose answer couldn't be sent."""
        reply = error_reply(exc)
        with suppress(OSError):
            util.write(client, reply)


def error_reply(exc: BaseException) -> bytes:
    """The whole reply, head and body. Logs the kind of error only."""
    request_id = str(new_request_id(SystemClock()))
    facts = {"kind": type(exc).__name__, "request_id": request_id}
    if isinstance(exc, unreadable.ParseException):
        status = STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        error = ApiError(status, INVALID, "This is not an HTTP request that we can read.")
        logger.warning("a request can't be read (%(kind)s)", facts, extra=facts)
    else:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        error = ApiError(status, UNEXPECTED, UNEXPECTED_SENTENCE)
        logger.error("a request can't be served (%(kind)s)", facts, extra=facts, exc_info=exc)
    body = as_json(error)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"X-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
