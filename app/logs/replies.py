"""What a sender hears of logs that were taken, or would be: in the shape that each endpoint's clients know."""

import orjson

from app.formats import XML
from app.logs.stream import Stream

_XML_START = '<?xml version="1.0" encoding="utf-8"?>\n<response status="ok" version="1.2">'


def taken(stream: Stream, logs: int, form: str) -> bytes:
    """The reply to logs that are kept. The preview endpoint, which speaks JSON alone, says no more than {}."""
    if not stream.takes_xml:
        return b"{}"
    if form == XML:
        return f"{_XML_START}<playLogs><count>{logs}</count></playLogs></response>".encode()
    return orjson.dumps({"status": "ok", "version": "1.2", "playLogs": {"count": logs}})


def valid(logs: int, form: str) -> bytes:
    """The reply to logs that would be taken."""
    if form == XML:
        return f"{_XML_START}<valid>true</valid><logs>{logs}</logs></response>".encode()
    return orjson.dumps({"valid": True, "logs": logs})
