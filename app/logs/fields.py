"""The kinds of fields that a stream's schema names: how each is made canonical, and what may be wrong beyond shape.

A column function goes over one field of all logs of a request: a loop with one job is the fastest that Python has.
It returns False at the first log that it can't take; the explaining functions then say what was wrong.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.countries import CANONICAL, explain_country
from app.logs.limits import MAX_USER_AGENT
from app.logs.times import Window, explain_instant, in_window

Items = list[dict[str, Any]]
Column = Callable[[Items, Window], bool]
#: The rule that a value of the right shape breaks, and the end of the sentence that says so.
Fault = tuple[str, str]


def column(name: str, schema: Mapping[str, Any]) -> Column | None:
    """Makes one field canonical in all logs; None where its shape is all there is to it."""
    match schema["kind"]:
        case "whole":
            return _whole(name, schema["minimum"], schema["maximum"])
        case "country":
            return _country(name)
        case "instant":
            return _instant(name)
        case "cut":
            return _cut(name)
        case "text":
            return _default(name, schema["default"]) if "default" in schema else None
    raise ValueError(f"{name} has the unknown kind {schema['kind']}: add it to app/logs/fields.py")


def explain(schema: Mapping[str, Any], value: Any, window: Window) -> Fault | None:
    """What is wrong with a value that has the shape its schema asks for; None when nothing is."""
    match schema["kind"]:
        case "whole":
            return _explain_whole(int(value), schema)
        case "country":
            fault = explain_country(value)
            return ("country", fault) if fault else None
        case "instant":
            return explain_instant(value, window)
    return None


def _whole(name: str, low: int, high: int) -> Column:
    def make(items: Items, _: Window) -> bool:
        for item in items:
            value = item.get(name)
            if type(value) is not int and value is not None:
                # Digits in a text, whose size the schema can't bound; or 60.0, which JSON Schema calls an integer.
                number = int(value)
                if not low <= number <= high:
                    return False
                item[name] = number
        return True

    return make


def _country(name: str) -> Column:
    def make(items: Items, _: Window) -> bool:
        for item in items:
            value = item.get(name)
            if value is not None:
                code = CANONICAL.get(value)
                if code is None:
                    return False
                item[name] = code
        return True

    return make


def _instant(name: str) -> Column:
    def make(items: Items, window: Window) -> bool:
        for item in items:
            value = item.get(name)
            if value is not None:
                canonical = in_window(value, window)
                if canonical is None:
                    return False
                item[name] = canonical
        return True

    return make


def _cut(name: str) -> Column:
    def make(items: Items, _: Window) -> bool:
        for item in items:
            value = item.get(name)
            if value is not None and len(value) > MAX_USER_AGENT:
                item[name] = value[:MAX_USER_AGENT]
        return True

    return make


def _default(name: str, default: str) -> Column:
    def make(items: Items, _: Window) -> bool:
        for item in items:
            item.setdefault(name, default)
        return True

    return make


def _explain_whole(number: int, schema: Mapping[str, Any]) -> Fault | None:
    if number < schema["minimum"]:
        return "minimum", f"must be {schema['description']}"
    if number > schema["maximum"]:
        return "maximum", f"must be {schema['description']}"
    return None
