"""The catalogue's paths."""

from collections.abc import Sequence
from typing import Any

from app.openapi.answers import JSON, KEYED, LIMITS, XML, refusals, success
from app.tracks.query import DEFAULT_IMAGE_SIZE, IMAGE_SIZES, MAX_ID, MOST_BATCH, MOST_PAGE, MOST_PAGE_SIZE
from app.tracks.rights import USAGE_TYPES

TAG = "Catalogue"
ID = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
FORMS = (XML, JSON)
KEPT = ("ETag", "Cache-Control", "X-Catalogue-Version", "X-Catalogue-As-Of", "X-Usage-Refused", *LIMITS)


def catalogue_paths() -> dict[str, Any]:
    """The paths, with their parameters and answers."""
    track, release = _query("trackId", ID, required=True), _query("releaseId", ID, required=True)
    ids = {"type": "string", "pattern": r"^[0-9]+(,[0-9]+)*$"}
    batch = [
        _query("trackIds", ids, f"up to {MOST_BATCH} ids, with commas", required=True),
        _query("showErrors", {"type": "boolean", "default": False}, "list what can't be had"),
    ]
    pages = [
        _query("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGE, "default": 1}),
        _query("pageSize", {"type": "integer", "minimum": 1, "maximum": MOST_PAGE_SIZE, "default": 10}),
    ]
    found: tuple[tuple[str, str, str, str, list[dict[str, Any]]], ...] = (
        ("track/details", "A track, and which uses of it are allowed", "track", "Track", [track]),
        ("track/details/batch", "Several tracks, in the order asked for", "items", "Items", batch),
        ("release/details", "A release, and which uses of it are allowed", "release", "Release", [release]),
        ("release/tracks", "A page of a release's tracks", "tracks", "Tracks", [release, *pages]),
    )
    return {
        f"/1.2/{path}": {"get": _operation(summary, root, schema, own)} for path, summary, root, schema, own in found
    }


def _operation(summary: str, root: str, schema: str, parameters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    uses = {"type": "string"}
    country = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
    sizes = {"type": "integer", "enum": list(IMAGE_SIZES), "default": DEFAULT_IMAGE_SIZE}
    view = [
        _query("country", country, "ISO 3166-1 alpha-2, or XK", required=True),
        _query("usageTypes", uses, f"any of {', '.join(USAGE_TYPES)}, with commas between, in any case"),
        _query("imageSize", sizes, "pixels"),
        _query("asOf", {"type": "string", "format": "date-time"}, "another moment for the rights; test clients only"),
    ]
    document = {
        "type": "object",
        "required": [root],
        "properties": {root: {"$ref": f"#/components/schemas/{schema}"}},
    }
    answers = refusals("304", "404", *KEYED, forms=FORMS)
    answers["404"]["description"] = (
        "Not there, or not in this country (2001); not yet, or not for this use (2002): the message says from when."
    )
    answers["404"]["headers"] |= answers["304"]["headers"]
    answers["200"] = success("The answer, in XML unless JSON is asked for.", document, FORMS, *KEPT)
    # track, items, release and tracks: the name of what is got.
    name = {"tags": [TAG], "operationId": f"get{schema}", "summary": summary}
    return name | {"parameters": [*parameters, *view], "responses": answers}


def _query(name: str, schema: dict[str, Any], about: str = "", *, required: bool = False) -> dict[str, Any]:
    described = {"description": about} if about else {}
    return {"name": name, "in": "query", "required": required, "schema": schema} | described
