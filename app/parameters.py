"""Reads the query string: names without case, as the platform's clients write them in several ways."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from app.errors import INVALID, ApiError

#: No client of ours sends more than a dozen.
MAX_PARAMETERS = 100


def read_parameters(query: str) -> Mapping[str, str]:
    """The parameters by lower-case name; the first of two. A byte that isn't UTF-8 is a surrogate."""
    found: dict[str, str] = {}
    # WSGI hands bytes over as latin-1. What isn't UTF-8 stays recognisable: replaced, it would become another id.
    text = query if query.isascii() else query.encode("latin-1").decode("utf-8", "surrogateescape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS, errors="surrogateescape")
    except ValueError:
        raise ApiError(400, INVALID, f"The query string has more than {MAX_PARAMETERS} parameters.") from None
    for name, value in pairs:
        found.setdefault(name.lower(), value)
    return found
