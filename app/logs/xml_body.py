"""Reads a body as XML, strictly: UTF-8, no document type, no entity but XML's own, a limited depth.

What comes out is the document that the same logs would be as JSON, every value a text: whole numbers may be texts of
digits there too. Names count without their namespace; attributes, unknown elements and comments are passed over.
"""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from app.codes import INVALID
from app.errors import ApiError
from app.logs.json_text import BOM, too_deep
from app.logs.limits import MAX_DEPTH
from app.logs.stream import Stream

ROOT = "playLog"
TOO_DEEP = "Excessive depth"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

_BLANKS = re.compile(rb"[ \t\r\n]*")
#: What may lie in front of the root element, by its beginning and its end.
_PROLOG = ((b"<!--", b"-->"), (b"<?", b"?>"))
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
#: Texts in which blanks at the ends are the sender's own.
_FREE = frozenset({"cut", "text"})


def parse(body: bytes, stream: Stream) -> dict[str, Any]:
    """The document in a body. Raises ApiError 400."""
    root = _root(body.removeprefix(BOM))
    if _is_deeper(root, MAX_DEPTH):
        raise too_deep()
    if etree.QName(root).localname != ROOT:
        message = f"The body's outer element must be {ROOT}, with an element {stream.envelope} for each log."
        raise ApiError(400, INVALID, message)
    known = stream.item_schema["properties"]
    items = [_item(child, known) for child in root if etree.QName(child).localname == stream.envelope]
    return {stream.envelope: items}


def _root(body: bytes) -> etree._Element:
    declared = _DECLARED.match(body)
    if declared is not None and declared[1].lower() not in _ENCODINGS:
        raise ApiError(400, INVALID, "The body is not in UTF-8, in which XML has to be sent here.")
    if _has_document_type(body):
        raise ApiError(400, INVALID, "The body has a document type (<!DOCTYPE>), which is not allowed here.")
    try:
        body.decode()
        # A parser of its own for each body: one that has failed may keep something of it.
        parser = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )
        return etree.fromstring(body, parser)
    except UnicodeDecodeError:
        raise ApiError(400, INVALID, "The body is not in UTF-8, in which XML has to be sent here.") from None
    except etree.XMLSyntaxError as error:
        said = str(error.msg)
        # Where the parser gives up is its own affair: our limit is far below.
        if said.startswith(TOO_DEEP):
            raise too_deep() from None
        raise ApiError(400, INVALID, f"The body is not XML: {said}.") from None


def _has_document_type(body: bytes) -> bool:
    """Looks behind blanks, comments and instructions; each byte is looked at once, whatever is sent."""
    at = 0
    while True:
        found = _BLANKS.match(body, at)
        at = found.end() if found else at
        ends = [end for begin, end in _PROLOG if body.startswith(begin, at)]
        if not ends:
            return body.startswith(b"<!DOCTYPE", at)
        at = body.find(ends[0], at) + len(ends[0])
        if at < len(ends[0]):
            return False


def _item(element: etree._Element, known: Mapping[str, Any]) -> dict[str, Any]:
    """One log; of an element that is given twice, the last."""
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        about = known.get(name)
        if about is None or child.get(NIL) in {"true", "1"}:
            continue
        # Elements within a field are no text: the schema says what is wanted instead.
        found[name] = {} if len(child) else _text(child.text or "", about)
    return found


def _text(text: str, about: Mapping[str, Any]) -> str:
    """The blanks around a number, an instant, a code or a word mean nothing in XML."""
    is_free = about["kind"] in _FREE and "enum" not in about
    return text if is_free else text.strip(" \t\r\n")


def _is_deeper(root: etree._Element, limit: int) -> bool:
    level = [root]
    for _ in range(limit):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True
