"""The streams that a server takes: where each is posted, and what of a log stands in the address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Stream:
    """One kind of play logs: its path, and the name of the list in its body.

    `by_listener`: the address names the country and the listener, so that a request is of one listener alone.
    """

    name: str
    path: str
    envelope: str
    by_listener: bool = False


PREVIEW = Stream("preview", "/1.2/user/preview/log", "logs")
SUBSCRIPTION = Stream("subscription", "/1.2/user/subscription/log", "playLogItem", by_listener=True)
CATALOGUE = Stream("catalogue", "/1.2/catalogue/log", "playLogItem", by_listener=True)
STREAMS = {stream.name: stream for stream in (PREVIEW, SUBSCRIPTION, CATALOGUE)}

#: The parameters of an address, in order.
Query = tuple[tuple[str, str], ...]


def query_of(stream: Stream, log: Mapping[str, object], country: str) -> Query:
    """The parameters of the request that carries this log; `country` is for a log that names none."""
    if not stream.by_listener:
        return (("country", country),)
    own, listener = log.get("country"), log.get("userId")
    return (("country", str(own) if own else country), ("userId", "" if listener is None else str(listener)))


def query_of_text(stream: Stream, text: bytes, country: str) -> Query:
    """The same of a log that is still JSON."""
    return query_of(stream, json.loads(text) if stream.by_listener and text else {}, country)
