"""One model, two formats: what an answer holds is written as JSON or as XML, and says the same in both.

A model is what JSON can hold. In XML an `id` becomes an attribute, and so does what ATTRIBUTES names; a list under a
name of MEMBERS becomes an element that holds one of the member's name for each entry. None is written as null, and in
XML as an element that is nil.
"""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from app.xml_text import xml_attribute, xml_text

MEMBERS = {
    "packages": "package",
    "formats": "format",
    "tracks": "track",
    "errors": "error",
    "genres": "genre",
    "rights": "right",
}
#: In the order in which they are written.
ATTRIBUTES = ("id", "itemId", "code")
#: Lists whose members stand beside their neighbours, as the platform's pages of tracks have them.
FLAT = frozenset({("tracks", "tracks")})

XML_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<response status="ok" version="1.2"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="http://api.7digital.com/1.2/static/7digitalAPI.xsd">'
)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without characters that XML can't hold: JSON says the same as XML then."""
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("\ufffd", text)


def as_json(model: Mapping[str, Any]) -> bytes:
    """The model as JSON."""
    return orjson.dumps(model)


def as_xml(model: Mapping[str, Any]) -> bytes:
    """The model within a response."""
    parts = [XML_HEAD]
    for name, value in model.items():
        _write(parts, name, value, "")
    parts.append("</response>")
    return "".join(parts).encode()


def _write(parts: list[str], name: str, value: Any, parent: str) -> None:
    kind = type(value)
    if kind is str:
        parts.append(f"<{name}>{xml_text(value)}</{name}>" if value else f"<{name}/>")
    elif kind is int:
        parts.append(f"<{name}>{value}</{name}>")
    elif kind is bool:
        parts.append(f"<{name}>{'true' if value else 'false'}</{name}>")
    elif kind is dict:
        _write_object(parts, name, value)
    elif kind is list:
        _write_list(parts, name, value, is_flat=(parent, name) in FLAT)
    else:
        assert value is None, f"{name} is a {kind.__name__}"
        parts.append(f'<{name} xsi:nil="true"/>')


def _write_list(parts: list[str], name: str, values: list[Any], *, is_flat: bool) -> None:
    if not is_flat:
        parts.append(f"<{name}>")
    for each in values:
        _write(parts, MEMBERS[name], each, name)
    if not is_flat:
        parts.append(f"</{name}>")


def _write_object(parts: list[str], name: str, value: dict[str, Any]) -> None:
    head = name
    for inner in ATTRIBUTES:
        if inner in value:
            head += f" {inner}={xml_attribute(str(value[inner]))}"
    parts.append(f"<{head}>")
    for inner, what in value.items():
        if inner not in ATTRIBUTES:
            _write(parts, inner, what, name)
    parts.append(f"</{name}>")
