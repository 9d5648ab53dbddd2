"""Turns an answer into its fields, so that two that say the same are the same, however they are written.

What makes no difference: the order of attributes, of members and of elements with different names; whitespace between
elements; how characters are escaped; 1 and 1.0. What does: the order of a list, of elements with one name, and text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from lxml import etree

#: Fields that are no part of the body.
STATUS, KIND, BODY = "@status", "@content-type", "@body"
#: No answer of either API is nearly as large.
MOST_FIELDS = 50_000
_INDEX = re.compile(r"\[\d+\]")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class Answer(NamedTuple):
    """What one of the two said."""

    status: int
    content_type: str
    body: bytes
    seconds: float


def fields_of(answer: Answer) -> Mapping[str, str]:
    """Each field's value by its place: /track/title, /items/tracks/track[2]/@id, @status, @content-type.

    A body that is neither XML nor JSON, or damaged, is one field.
    """
    kind = answer.content_type.partition(";")[0].strip().lower()
    found = {STATUS: str(answer.status), KIND: "application/xml" if kind == "text/xml" else kind}
    try:
        if kind.endswith("xml"):
            places = _of_element(etree.fromstring(answer.body, _PARSER), "")
        elif kind.endswith("json"):
            places = _of_json(orjson.loads(answer.body), "")
        else:
            places = iter([(BODY, repr(answer.body[:2_000]))])
        for number, (place, value) in enumerate(places):
            if number == MOST_FIELDS:
                found[BODY] = f"more than {MOST_FIELDS} fields"
                break
            found[place] = value
    except (etree.XMLSyntaxError, orjson.JSONDecodeError, RecursionError) as error:
        return found | {BODY: f"not {kind}: {type(error).__name__}"}
    return found


def name_of(place: str) -> str:
    """The place without the numbers of members: what a report counts by."""
    return _INDEX.sub("", place)


def _of_json(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _of_json(each, f"{place}/{name}")
        if not value:
            yield place, "{}"
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _of_json(each, f"{place}[{number}]")
        if not value:
            yield place, "[]"
    elif isinstance(value, float) and value.is_integer():
        yield place or "/", str(int(value))
    else:
        yield place or "/", orjson.dumps(value).decode()


def _of_element(element: Any, parent: str) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str):
        # A processing instruction says nothing to a client.
        return
    place = f"{parent}/{etree.QName(element).localname}"
    yield from _within(element, place)


def _within(element: Any, place: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        yield f"{place}/@{etree.QName(name).localname}", value
    children = [child for child in element if isinstance(child.tag, str)]
    names = Counter(child.tag for child in children)
    seen: Counter[str] = Counter()
    for child in children:
        seen[child.tag] += 1
        number = f"[{seen[child.tag]}]" if names[child.tag] > 1 else ""
        yield from _within(child, f"{place}/{etree.QName(child).localname}{number}")
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    if not children or text.strip():
        yield place, text
