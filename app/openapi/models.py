"""The shapes of the catalogue's answers in JSON; in XML an `id` is an attribute, and lists are elements."""

from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": NUMBER, "name": TEXT}}
PRICE = {"type": ["string", "null"], "description": "a decimal number, such as 1.49"}


def _object(required: dict[str, Any], more: dict[str, Any], about: str = "") -> dict[str, Any]:
    described = {"description": about} if about else {}
    return {"type": "object", "required": list(required), "properties": required | more} | described


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


USE = _object({"releaseDate": MOMENT}, {"previewDate": MOMENT}, "This use is allowed now.")
PACKAGE = _object(
    {
        "id": NUMBER,
        "description": TEXT,
        "price": _object({"currencyCode": TEXT, "sevendigitalPrice": PRICE, "recommendedRetailPrice": PRICE}, {}),
        "formats": {"type": "array", "items": _object({"id": NUMBER, "description": TEXT}, {})},
    },
    {},
)
USES = {
    "download": _object(
        {"releaseDate": MOMENT, "packages": {"type": "array", "items": PACKAGE}}, {"previewDate": MOMENT}
    ),
    "subscriptionStreaming": USE,
    "adSupportedStreaming": USE,
}
ARTIST = _object(
    {"id": NUMBER, "name": TEXT},
    {"sortName": TEXT, "appearsAs": TEXT, "image": TEXT, "slug": TEXT, "isPlaceholderImage": FLAG},
)
RELEASE = _object(
    {"id": NUMBER, "title": TEXT, "version": TEXT, "type": TEXT, "explicitContent": FLAG, "artist": _ref("Artist")},
    {
        "barcode": TEXT,
        "year": NUMBER,
        "image": TEXT,
        "label": NAMED,
        "licensor": NAMED,
        "duration": NUMBER,
        "trackCount": NUMBER,
        "slug": TEXT,
        "cline": TEXT,
        "pline": TEXT,
        "addedDate": TEXT,
    }
    | USES,
)
TRACK = _object(
    {
        "id": NUMBER,
        "title": TEXT,
        "version": TEXT,
        "artist": _ref("Artist"),
        "trackNumber": NUMBER,
        "duration": NUMBER | {"description": "seconds"},
        "explicitContent": FLAG,
        "isrc": TEXT,
        "type": TEXT,
        "discNumber": NUMBER,
        "number": NUMBER,
    },
    {"release": _ref("Release"), "pline": TEXT} | USES,
)
FAULT = _object({"itemId": NUMBER, "code": NUMBER, "errorMessage": TEXT}, {})
ITEMS = _object(
    {"tracks": {"type": "array", "items": _ref("Track")}},
    {"errors": {"type": "array", "items": FAULT, "description": "with showErrors=true"}},
)
TRACKS = _object(
    {"page": NUMBER, "pageSize": NUMBER, "totalItems": NUMBER, "tracks": {"type": "array", "items": _ref("Track")}}, {}
)
SCHEMAS = {"Artist": ARTIST, "Release": RELEASE, "Track": TRACK, "Items": ITEMS, "Tracks": TRACKS}
