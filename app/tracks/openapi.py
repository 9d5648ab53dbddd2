"""The catalogue's part of /openapi.json."""

from typing import Any

from app.tracks.query import DEFAULT_IMAGE_SIZE, IMAGE_SIZES, MOST_BATCH, MOST_PAGE_SIZE
from app.tracks.rights import USAGE_TYPES

ID = {"type": "integer", "minimum": 1, "maximum": 2**32 - 1}
KEY = {"name": "oauth_consumer_key", "in": "query", "required": True, "schema": {"type": "string"}}
ERRORS = {
    "400": "a parameter is missing (1001), not valid (1002), out of range (1003) or not in its list (1006)",
    "401": "the key is unknown or was revoked, or the signature is wrong, or one is missing that has to be there",
    "403": "the key may not use the catalogue",
    "404": "not there, or not in this country (2001); not yet, or not for this use (2002); the message says from when",
    "429": "the daily limit is used up; Retry-After is the time to midnight GMT",
    "503": "not now; Retry-After says when to try again",
}
HEADERS = {
    "ETag": "changes exactly when the body does",
    "Cache-Control": "private, with a max-age that ends at the next change of a right",
    "X-Catalogue-Version": "the version of the release",
    "X-Catalogue-As-Of": "every change until this moment has arrived in the region",
    "X-Usage-Refused": "each use that was asked for and doesn't hold, with the moment from which it will",
}
FORMS = ("application/xml", "application/json")


def catalogue_paths() -> dict[str, Any]:
    """The paths, with their parameters and answers."""
    track, release = _query("trackId", ID, required=True), _query("releaseId", ID, required=True)
    ids = {"type": "string", "pattern": r"^[0-9]+(,[0-9]+)*$", "description": f"up to {MOST_BATCH} ids"}
    batch = [_query("trackIds", ids, required=True), _query("showErrors", {"type": "boolean", "default": False})]
    pages = [
        _query("page", {"type": "integer", "minimum": 1, "default": 1}),
        _query("pageSize", {"type": "integer", "minimum": 1, "maximum": MOST_PAGE_SIZE, "default": 10}),
    ]
    return {
        "/1.2/track/details": {"get": _operation("A track, and which uses of it are allowed.", "track", [track])},
        "/1.2/track/details/batch": {"get": _operation("Several tracks, in the order asked for.", "items", batch)},
        "/1.2/release/details": {
            "get": _operation("A release, and which uses of it are allowed.", "release", [release])
        },
        "/1.2/release/tracks": {"get": _operation("A page of a release's tracks.", "tracks", [release, *pages])},
    }


def _operation(summary: str, root: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    uses = {"type": "string", "description": f"any of {', '.join(USAGE_TYPES)}, with commas between, in any case"}
    country = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
    sizes = {"type": "integer", "enum": list(IMAGE_SIZES), "default": DEFAULT_IMAGE_SIZE}
    view = [_query("country", country, required=True), _query("usageTypes", uses), _query("imageSize", sizes)]
    clock = {"type": "string", "format": "date-time", "description": "another moment for the rights; test clients only"}
    document = {"type": "object", "required": [root], "properties": {root: {"type": "object"}}}
    success = {
        "description": "the answer, in XML unless JSON is asked for",
        "headers": {name: {"description": about, "schema": {"type": "string"}} for name, about in HEADERS.items()},
        "content": {form: {"schema": document} for form in FORMS},
    }
    refusals = {
        status: {
            "description": about,
            "content": {form: {"schema": {"$ref": "#/components/schemas/Error"}} for form in FORMS},
        }
        for status, about in ERRORS.items()
    }
    unchanged = {"304": {"description": "what If-None-Match names is still the answer"}}
    return {
        "summary": summary,
        "parameters": [*parameters, *view, _query("asOf", clock), KEY],
        "responses": {"200": success} | unchanged | refusals,
    }


def _query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}
