"""Decides whether a body is valid, fast; and explains all that is wrong with one that isn't, thoroughly.

jsonschema-rs decides, two hundred times faster than jsonschema, which explains. Where it can't find what the other
refused, our validators disagree: that is a bug of ours, and the request is answered 500.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema.exceptions import ValidationError

from app.codes import INVALID, MISSING
from app.errors import Problem
from app.logs import fields
from app.logs.pointers import Path, index_of, pointer
from app.logs.stream import Stream
from app.logs.times import Window


def _required(_: Any, names: list[str], instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """As JSON Schema's own, but the error lies at the name that is missing."""
    if isinstance(instance, dict):
        for name in names:
            if name not in instance:
                about = schema["properties"][name]["description"]
                yield ValidationError(f"{name} is missing: it must be {about}", path=(name,))


def _pattern(_: Any, pattern: str, instance: Any, __: Mapping[str, Any]) -> Iterator[ValidationError]:
    """As JSON Schema's own; but in Python `$` also matches before a last line feed, and GB\\n would pass."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError("has another shape")


_OUR_OWN = {"required": _required, "pattern": _pattern}
Explainer = jsonschema.validators.extend(jsonschema.Draft202012Validator, _OUR_OWN)  # type: ignore[no-untyped-call]


class Validation:
    """Both validators of one stream, built once."""

    def __init__(self, stream: Stream) -> None:
        self._envelope = stream.envelope
        self._fast = jsonschema_rs.validator_for(dict(stream.schema))
        self._head = Explainer(stream.head_schema)
        self._item_schema = stream.item_schema
        self._item = Explainer(self._item_schema)

    def has_right_shape(self, document: Any) -> bool:
        """The decision: whether the document follows the schema."""
        return self._fast.is_valid(document)

    def problems(self, document: Any, window: Window) -> list[Problem]:
        """All that is wrong: with the body as a whole, or else with each of its logs."""
        head = list(_by_place(self._head.iter_errors(document), ()))
        if head:
            return head
        found: list[Problem] = []
        for number, item in enumerate(document[self._envelope]):
            found.extend(self._of_item((self._envelope, number), item, window))
        return found

    def _of_item(self, place: Path, item: Any, window: Window) -> Iterator[Problem]:
        shape = list(_by_place(self._item.iter_errors(item), place))
        yield from shape
        if not isinstance(item, dict):
            return
        wrong = {problem.pointer for problem in shape}
        for name, schema in self._item_schema["properties"].items():
            path = (*place, name)
            if name in item and pointer(path) not in wrong:
                fault = fields.explain(schema, item[name], window)
                if fault is not None:
                    rule, end = fault
                    yield Problem(pointer(path), rule, INVALID, f"{name} {end}", index_of(path), rule == "future")


def _by_place(errors: Iterator[ValidationError], place: Path) -> Iterator[Problem]:
    """One problem a place: the first, for a value of the wrong type breaks other rules too."""
    seen: set[str] = set()
    for error in errors:
        path = (*place, *error.absolute_path)
        where = pointer(path)
        if where not in seen:
            seen.add(where)
            yield Problem(where, str(error.validator), *_said(error, path), index_of(path))


def _said(error: ValidationError, path: Path) -> tuple[int, str]:
    if error.validator == "required":
        return MISSING, error.message
    name = path[-1] if path else "the body"
    name = f"log {name}" if isinstance(name, int) else name
    schema: Any = error.schema
    return INVALID, f"{name} must be {schema['description']}"
