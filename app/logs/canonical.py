"""Makes valid logs canonical, in place: equal content becomes equal bytes, and nothing unknown goes on."""

from collections.abc import Mapping
from typing import Any

from app.logs.fields import Items, column
from app.logs.json_text import is_deeper
from app.logs.limits import MAX_DEPTH
from app.logs.times import Window

#: The body, the list and the log lie around a field.
AROUND_A_FIELD = 3


class Canonical:
    """Makes the logs of one stream canonical."""

    def __init__(self, item_schema: Mapping[str, Any]) -> None:
        properties = item_schema["properties"]
        self._known = frozenset(properties)
        always = set(item_schema["required"]) | {name for name, about in properties.items() if "default" in about}
        self._fewest = len(always)
        made = [column(name, about) for name, about in properties.items()]
        self._columns = [each for each in made if each is not None]

    def make(self, items: Items, window: Window) -> bool:
        """Changes the logs, which have the right shape, to canonical form. False: one of them is invalid."""
        for each in self._columns:
            if not each(items, window):
                return False
        return all(self._drop_unknown(item) for item in items if len(item) > self._fewest)

    def _drop_unknown(self, item: dict[str, Any]) -> bool:
        unknown = [item.pop(name) for name in item.keys() - self._known]
        return not any(is_deeper(value, MAX_DEPTH - AROUND_A_FIELD) for value in unknown)
