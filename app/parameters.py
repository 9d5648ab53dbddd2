"""Reads the query string: names without case, as the platform's clients write them in several ways."""

from collections.abc import Mapping
from urllib.parse import unquote

from app.codes import INVALID
from app.errors import ApiError

#: No client of ours sends more than a dozen.
MAX_PARAMETERS = 100


def read_parameters(query: str) -> Mapping[str, str]:
    """The parameters by lower-case name; the first of two. A byte that isn't UTF-8 is a surrogate."""
    # WSGI hands bytes over as latin-1. What isn't UTF-8 stays recognisable: replaced, it would become another id.
    text = query if query.isascii() else query.encode("latin-1").decode("utf-8", "surrogateescape")
    pieces = text.split("&")
    if len(pieces) > MAX_PARAMETERS:
        raise ApiError(400, INVALID, f"The query string has more than {MAX_PARAMETERS} parameters.")
    found: dict[str, str] = {}
    for piece in pieces:
        if piece:
            name, _, value = piece.partition("=")
            found.setdefault(_decoded(name).lower(), _decoded(value))
    return found


def _decoded(text: str) -> str:
    # Most have nothing to decode: the whole takes half of parse_qsl's time, which tests compare it with.
    if "%" not in text and "+" not in text:
        return text
    return unquote(text.replace("+", " "), errors="surrogateescape")
