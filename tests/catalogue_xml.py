"""Reads answers of the catalogue as the platform's clients do, ours and the legacy API's alike.

What makes a client fail (SevenDigital.Api.Wrapper, Responses/Parsing) makes this one fail: an empty body, no response,
a status that is neither ok nor error, an error without a whole number as its code or without a message as first child.
"""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from app.tracks.markup import ATTRIBUTES, FLAT, MEMBERS

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

#: The order of elements that clients know (SevenDigital.Api.Schema): a child may be missing, never out of place.
ARTIST = ("name", "sortName", "appearsAs", "image", "slug", "isPlaceholderImage", "url")
ORDERS = {
    "track": (
        *("title", "version", "artist", "trackNumber", "duration", "explicitContent", "isrc", "type", "release"),
        *("discNumber", "number", "url", "price", "download", "subscriptionStreaming", "adSupportedStreaming", "pline"),
    ),
    "release": (
        *("title", "version", "type", "barcode", "year", "explicitContent", "artist", "url", "image", "releaseDate"),
        *("label", "licensor", "duration", "trackCount", "slug", "cline", "pline", "addedDate", "download"),
        *("subscriptionStreaming", "adSupportedStreaming"),
    ),
    "artist": ARTIST,
    "label": ("name",),
    "licensor": ("name",),
    "download": ("previewDate", "releaseDate", "packages"),
    "subscriptionStreaming": ("previewDate", "releaseDate"),
    "adSupportedStreaming": ("previewDate", "releaseDate"),
    "package": ("description", "price", "formats"),
    "format": ("description",),
    "error": ("errorMessage",),
}
PRICE = ("currencyCode", "sevendigitalPrice", "recommendedRetailPrice")


class NotAnAnswer(Exception):
    """A client of the platform would give up here."""


class Refusal(Exception):
    """An error that a client understands."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


def parse_answer(body: bytes) -> ElementTree.Element:
    """The response of an answer. Raises Refusal for an error, NotAnAnswer for what is none."""
    try:
        response = ElementTree.fromstring(body)  # noqa: S314 - answers of our own, and the stored ones
    except ElementTree.ParseError as error:
        raise NotAnAnswer(str(error)) from None
    if response.tag != "response" or response.get("status") not in {"ok", "error"} or len(response) == 0:
        raise NotAnAnswer("no response with a status and a content")
    if response.get("status") == "ok":
        return response
    said = response[0]
    code = said.get("code", "")
    if said.tag != "error" or not code.isdigit() or len(said) == 0 or said[0].tag != "errorMessage":
        raise NotAnAnswer("an error without code and message")
    raise Refusal(int(code), said[0].text or "")


def misplaced(element: ElementTree.Element) -> list[str]:
    """Each child that doesn't stand where the schema has it, in this element and all below."""
    found = []
    is_price_of_package = element.tag == "price" and element.find("currencyCode") is not None
    order = PRICE if is_price_of_package else ORDERS.get(element.tag)
    if order is not None:
        places = [order.index(child.tag) if child.tag in order else -1 for child in element]
        found += [f"{element.tag}/{child.tag}" for child, place in zip(element, places, strict=True) if place < 0]
        late = [at for at in range(1, len(places)) if places[at] < places[at - 1]]
        found += [f"{element.tag}: {element[at].tag} comes too late" for at in late]
    return [*found, *(each for child in element for each in misplaced(child))]


def model_of(body: bytes, like: Any) -> dict[str, Any]:
    """The answer as JSON has it, when each value is of the kind that `like` has in its place."""
    response = parse_answer(body)
    return {child.tag: _value(child, like[child.tag]) for child in response}


def _value(element: ElementTree.Element, like: Any) -> Any:
    if isinstance(like, Mapping):
        return _object(element, like)
    if isinstance(like, list):
        return [_value(child, each) for child, each in zip(element, like, strict=True)]
    if element.get(NIL) == "true":
        return None
    return _scalar(element.text or "", like)


def _object(element: ElementTree.Element, like: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in like.items():
        if name in ATTRIBUTES:
            found[name] = _scalar(element.get(name, ""), each)
        elif isinstance(each, list) and (element.tag, name) in FLAT:
            members = element.findall(MEMBERS[name])
            found[name] = [_value(child, one) for child, one in zip(members, each, strict=True)]
        else:
            child = element.find(name)
            if child is None:
                raise NotAnAnswer(f"{element.tag} has no {name}")
            found[name] = _value(child, each)
    return found


def _scalar(text: str, like: Any) -> Any:
    if isinstance(like, bool):
        return {"true": True, "false": False}[text]
    return int(text) if isinstance(like, int) else text
