"""Reads the body of a form, where some clients put their key."""

from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from io import BytesIO
from typing import Any

from gunicorn.http.errors import ParseException

from app.gateway.presented import FORM, MAX_FORM_BYTES


def is_form(environ: Mapping[str, Any]) -> bool:
    """Whether the body is a form, by its content type."""
    given: str = environ.get("CONTENT_TYPE", "")
    return given[: len(FORM)].lower() == FORM


def read_form(environ: MutableMapping[str, Any]) -> bytes | None:
    """The form, which can be read once more after it; None where the body is none, or too large, or has no length."""
    if not is_form(environ):
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit() and len(length) < 8 and 0 < int(length) <= MAX_FORM_BYTES):
        return None
    body = b""
    # The connection closed: what there is, is a body without a key or with a wrong signature.
    with suppress(OSError, ParseException):
        body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body
