"""The streams of play logs, each an endpoint and a JSON Schema of its body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("streams")

#: Name, path and envelope of each stream; its schema is streams/<name>.json.
KNOWN = (("preview", "/1.2/user/preview/log", "logs"),)


@dataclass(frozen=True)
class Stream:
    """One kind of play logs: the endpoint that takes it, the key of the list in its body, and the body's schema."""

    name: str
    path: str
    envelope: str
    schema: Mapping[str, Any]

    @property
    def item_schema(self) -> Mapping[str, Any]:
        """The schema of one log."""
        return dict(self.schema["properties"][self.envelope]["items"])

    @property
    def head_schema(self) -> Mapping[str, Any]:
        """The schema of everything but the logs."""
        head = json.loads(json.dumps(self.schema))
        del head["properties"][self.envelope]["items"]
        return dict(head)


def read_streams() -> tuple[Stream, ...]:
    """All streams, their schemas read from the files."""
    return tuple(
        Stream(name, path, envelope, json.loads((FOLDER / f"{name}.json").read_text()))
        for name, path, envelope in KNOWN
    )
