"""What the query string says of all logs of a request: the country, and for most streams the listener."""

import re
from collections.abc import Mapping

from app.codes import INVALID, MISSING
from app.countries import CANONICAL, explain_country
from app.errors import ApiError
from app.logs.limits import MAX_USER_ID
from app.logs.stream import Stream

#: Of a name that a body may give, nothing of this can be kept either.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def read_query(stream: Stream, parameters: Mapping[str, str]) -> dict[str, str]:
    """The fields that every log of the request gets from its URL, in canonical form. Raises ApiError 400."""
    found = {"country": _country(parameters)}
    if "userId" in stream.query:
        found["userId"] = _user(parameters)
    return {name: found[name] for name in stream.query}


def _country(parameters: Mapping[str, str]) -> str:
    country = parameters.get("country")
    if country is None:
        raise ApiError(400, MISSING, "The parameter country is missing: give a country code such as GB in the query.")
    fault = explain_country(country)
    if fault is not None:
        raise ApiError(400, INVALID, f"The parameter country {fault}.")
    return CANONICAL[country]


def _user(parameters: Mapping[str, str]) -> str:
    user = parameters.get("userid")
    if user is None:
        raise ApiError(400, MISSING, "The parameter userId is missing: give your own id of the listener in the query.")
    if not 1 <= len(user) <= MAX_USER_ID or _UNKEEPABLE.search(user):
        message = f"The parameter userId must be a text of 1 to {MAX_USER_ID} characters, in UTF-8, without U+0000."
        raise ApiError(400, INVALID, message)
    return user
