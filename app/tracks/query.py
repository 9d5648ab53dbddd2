"""Reads what is asked: parameter names without case, values by rules that are named when they are broken."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from app.codes import INVALID, MISSING, NOT_IN_LIST, OUT_OF_RANGE
from app.countries import CANONICAL, explain_country
from app.errors import ApiError
from app.tracks.rights import USAGE_TYPES

IMAGE_SIZES = (33, 50, 100, 180, 182, 200, 350, 500, 800)
DEFAULT_IMAGE_SIZE = 50
MOST_BATCH = 100
DEFAULT_PAGE_SIZE, MOST_PAGE_SIZE, MOST_PAGE = 10, 500, 1_000_000
MAX_ID = 2**32 - 1
#: Views that are remembered.
MOST_VIEWS = 1_000

_ID = re.compile(r"[0-9]{1,10}", re.ASCII)
_SHORT = 40


class View(NamedTuple):
    """How an answer is to look: the country, the uses that are asked for, and the size of images."""

    country: str
    usage_types: tuple[str, ...]
    image_size: int


Parameters = Mapping[str, str]


def read_view(parameters: Parameters) -> View:
    """Raises ApiError 400."""
    return _view(parameters.get("country"), parameters.get("usagetypes"), parameters.get("imagesize"))


@lru_cache(maxsize=MOST_VIEWS)
def _view(country: str | None, usage_types: str | None, image_size: str | None) -> View:
    """Clients ask for the same again and again. What raises is made anew each time."""
    return View(_country(country), _usage_types(usage_types), _image_size(image_size))


def read_id(parameters: Parameters, name: str) -> int:
    """The id of a track or release. Raises ApiError 400."""
    value = parameters.get(name.lower())
    if value is None or value == "":
        raise ApiError(400, MISSING, f"Missing or invalid querystring value for {name}")
    return _identity(value, name)


def read_ids(parameters: Parameters, name: str) -> list[int]:
    """Several ids, in the order in which they are asked for. Raises ApiError 400."""
    value = parameters.get(name.lower())
    if value is None or value == "":
        raise ApiError(400, MISSING, f"Missing or invalid querystring value for {name}")
    parts = [part.strip() for part in value.split(",")]
    if len(parts) > MOST_BATCH:
        raise ApiError(400, OUT_OF_RANGE, f"{name} names {len(parts)} tracks, and a request takes {MOST_BATCH}.")
    return [_identity(part, name) for part in parts]


def read_page(parameters: Parameters) -> tuple[int, int]:
    """The page, from 1, and how many a page has. Raises ApiError 400."""
    page = _whole(parameters, "page", 1, MOST_PAGE, "Requested page out of range")
    return page, _whole(parameters, "pageSize", DEFAULT_PAGE_SIZE, MOST_PAGE_SIZE, "Requested page size out of range")


def read_flag(parameters: Parameters, name: str) -> bool:
    """true or false, false where it is left out. Raises ApiError 400."""
    value = parameters.get(name.lower(), "false").lower()
    if value not in {"true", "false"}:
        raise _invalid(name, value)
    return value == "true"


def read_moment(parameters: Parameters, name: str) -> datetime | None:
    """A moment with a zone; None where it is left out. Raises ApiError 400."""
    value = parameters.get(name.lower())
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _invalid(name, value) from None
    if moment.tzinfo is None or "T" not in value.upper() or not 1 < moment.year < 9999:
        raise _invalid(name, value)
    return moment


def _country(country: str | None) -> str:
    if country is None or country == "":
        raise ApiError(400, MISSING, "Missing or invalid querystring value for country")
    fault = explain_country(country)
    if fault is not None:
        raise ApiError(400, INVALID, f"The parameter country {fault}.")
    return CANONICAL[country]


def _usage_types(value: str | None) -> tuple[str, ...]:
    if value is None or not value.strip():
        return ()
    known = {name.lower(): name for name in USAGE_TYPES}
    asked = {part.strip().lower() for part in value.split(",")}
    for part in asked:
        if part not in known:
            names = ", ".join(known)
            raise ApiError(400, NOT_IN_LIST, f"usageTypes has {_shown(part)}, which is none of {names}.")
    return tuple(name for name in USAGE_TYPES if name.lower() in asked)


def _image_size(value: str | None) -> int:
    if value is None:
        return DEFAULT_IMAGE_SIZE
    if not _ID.fullmatch(value) or int(value) not in IMAGE_SIZES:
        raise _invalid("imageSize", value)
    return int(value)


def _identity(value: str, name: str) -> int:
    if not _ID.fullmatch(value) or not 0 < int(value) <= MAX_ID:
        raise _invalid(name, value)
    return int(value)


def _whole(parameters: Parameters, name: str, usual: int, most: int, message: str) -> int:
    value = parameters.get(name.lower())
    if value is None:
        return usual
    if not _ID.fullmatch(value):
        raise _invalid(name, value)
    if not 1 <= int(value) <= most:
        raise ApiError(400, OUT_OF_RANGE, message)
    return int(value)


def _invalid(name: str, value: str) -> ApiError:
    return ApiError(400, INVALID, f"Value of parameter {name} is not valid: {_shown(value)}")


def _shown(value: str) -> str:
    """A value of the client's own, short, and without what no answer can hold."""
    return value.encode("utf-8", "replace").decode()[:_SHORT]
