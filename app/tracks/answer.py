"""An answer as it is kept: made once, given again until its release changes or a right begins or ends."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.errors import ApiError, body_of
from app.formats import XML
from app.tracks.markup import as_json, as_xml

#: Bytes of the body's SHA-256 in an ETag.
ETAG_BYTES = 12
#: Answers that no release stands behind: any change may be theirs.
ANY_RELEASE = 0


class Answer(NamedTuple):
    """Status and body in one format; which releases it was made from, and when it stops being true by itself."""

    status: int
    body: bytes
    form: str
    etag: str
    changes_at: datetime | None
    release_ids: tuple[int, ...]
    version: int | None
    #: Uses that were asked for and don't hold, for a header.
    refused: str


def found_answer(
    model: Mapping[str, Any],
    form: str,
    changes_at: datetime | None,
    release_ids: tuple[int, ...],
    version: int | None = None,
    refused: str = "",
) -> Answer:
    """200 with a model."""
    body = as_xml(model) if form == XML else as_json(model)
    return Answer(200, body, form, _etag(body), changes_at, release_ids, version, refused)


def error_answer(
    error: ApiError, form: str, changes_at: datetime | None, release_ids: tuple[int, ...], refused: str = ""
) -> Answer:
    """A refusal that is as true as an answer, until the catalogue changes."""
    body = body_of(error, form)
    return Answer(error.status, body, form, _etag(body), changes_at, release_ids, None, refused)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).digest()[:ETAG_BYTES].hex()}"'
