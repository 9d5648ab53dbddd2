"""Reads a request's body: its format, its size, and gzip, inflated no further than the limit."""

import zlib
from collections.abc import Iterator
from contextlib import suppress

from flask import Request
from gunicorn.http.errors import ParseException

from app.codes import INVALID
from app.errors import ApiError
from app.formats import JSON, XML, body_format
from app.logs.limits import MAX_BODY_BYTES

GZIP = zlib.MAX_WBITS | 16
#: Inflated at a time.
STEP_BYTES = 64 * 1024
#: Kept while inflating. A body that grows beyond is measured to its end first: one that is refused takes no memory.
KEPT_BYTES = 256 * 1024


def check_format(request: Request, takes_xml: bool) -> str:
    """The body's format, JSON or XML. Raises ApiError 415 for one that the endpoint doesn't take."""
    form = body_format(request)
    if form is None or (form == XML and not takes_xml):
        wanted = f"{JSON} or application/xml" if takes_xml else JSON
        raise ApiError(415, INVALID, f"Send the body as Content-Type: {wanted}, in UTF-8.")
    return form


def read_body(request: Request) -> bytes:
    """The body as it was before it was compressed. Raises ApiError: 400, 413 or 415."""
    encoding = request.environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        message = "Send the body as it is, or with Content-Encoding: gzip."
        raise ApiError(415, INVALID, message, headers={"Accept-Encoding": "gzip"})
    data = _read(request)
    return inflate(data) if encoding in {"gzip", "x-gzip"} else data


def drop_body(request: Request) -> None:
    """Reads what a reply was not waiting for, and forgets it.

    Else the connection would be closed on bytes that nobody has read, and nginx, still sending them, would answer 502
    instead of passing our reply on. Of 60 requests of 1 MiB without a key 12 were answered so.
    """
    left = MAX_BODY_BYTES
    # The connection closed, or a chunk isn't one: there is nothing more to read.
    with suppress(OSError, ParseException):
        while left > 0 and (data := request.environ["wsgi.input"].read(STEP_BYTES)):
            left -= len(data)


def _read(request: Request) -> bytes:
    """The body as it was sent. Its length is announced, or it comes in chunks that end by themselves."""
    announced = request.content_length
    if announced is not None and announced > MAX_BODY_BYTES:
        raise _too_large()
    most = MAX_BODY_BYTES + 1 if announced is None else announced
    try:
        data: bytes = request.environ["wsgi.input"].read(most)
    # The connection closed, or a chunk isn't one.
    except (OSError, ParseException):
        data, announced = b"", 1
    if len(data) > MAX_BODY_BYTES:
        raise _too_large()
    if announced is not None and len(data) < announced:
        raise ApiError(400, INVALID, "The body ended before its announced length.")
    return data


def inflate(data: bytes) -> bytes:
    """What a gzip body of one or several members holds. Raises ApiError when it is cut off or too large."""
    kept: list[bytes] = []
    size = 0
    for part in _parts(data):
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise _too_large()
        if size <= KEPT_BYTES:
            kept.append(part)
    return b"".join(kept if size <= KEPT_BYTES else _parts(data))


def _parts(data: bytes) -> Iterator[bytes]:
    is_first = True
    while data or is_first:
        is_first = False
        member = zlib.decompressobj(GZIP)
        while not member.eof:
            try:
                part = member.decompress(data, STEP_BYTES)
            except zlib.error:
                raise ApiError(400, INVALID, "The body is not gzip, though its Content-Encoding says so.") from None
            data = member.unconsumed_tail
            if not (part or data or member.eof):
                raise ApiError(400, INVALID, "The gzip body is cut off.")
            yield part
        data = member.unused_data


def _too_large() -> ApiError:
    message = f"The body is larger than {MAX_BODY_BYTES} bytes, or inflates to more. Send fewer logs in a request."
    return ApiError(413, INVALID, message)
