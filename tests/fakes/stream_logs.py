"""A valid log of each stream, as clients send it, and the same as XML."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

QUERY = "country=gb&userId=listener-1"

_COMMON: dict[str, Any] = {
    "id": "x-1",
    "trackId": 123456,
    "dateTimePlayed": "2026-03-10T11:00:00.123Z",
    "totalTimePlayed": 31,
    "userAgent": "DemoPlayer/1.0",
}
_OF_RELEASES = {"releaseId": 12134, "formatId": 17}

GOOD: Mapping[str, dict[str, Any]] = {
    "preview": _COMMON | {"userId": "listener-1", "country": "GB", "playMode": "online", "playType": "view"},
    "subscription": _COMMON | _OF_RELEASES | {"playMode": "offline"},
    "catalogue": _COMMON | _OF_RELEASES | {"userId": "listener-2", "endReason": "userSkipped"},
}


def as_xml(*logs: Mapping[str, object], head: str = "") -> bytes:
    """The logs in the platform's XML."""
    items = [
        "<playLogItem>"
        + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in item.items())
        + "</playLogItem>"
        for item in logs
    ]
    return f"{head}<playLog>{''.join(items)}</playLog>".encode()
