"""The streams of play logs, each an endpoint and a JSON Schema of its body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("streams")


@dataclass(frozen=True)
class Stream:
    """One kind of play logs: the endpoint that takes it, the key of the list in its body, and the body's schema.

    `query` names the fields of every log that the query string gives; a log's own value goes before it where the
    schema knows one. The preview stream has none: there the query's country authorises, and isn't logged.
    `takes_xml`: the body may be XML, and so may the reply, which then counts the logs.
    """

    name: str
    path: str
    envelope: str
    schema: Mapping[str, Any]
    query: tuple[str, ...] = ()
    takes_xml: bool = False

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
    """All streams, their schemas read from the files streams/<name>.json."""
    from_query = ("country", "userId")
    return (
        Stream("preview", "/1.2/user/preview/log", "logs", _schema("preview")),
        Stream("subscription", "/1.2/user/subscription/log", "playLogItem", _schema("subscription"), from_query, True),
        Stream("catalogue", "/1.2/catalogue/log", "playLogItem", _schema("catalogue"), from_query, True),
    )


def _schema(name: str) -> Mapping[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))
