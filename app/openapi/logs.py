"""The paths that take play logs, and the one that says what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.logs.stream import Stream
from app.openapi.answers import JSON, KEYED, LIMITS, XML, refusals, success

TAG = "Logs"
COUNTRY = {
    "name": "country",
    "in": "query",
    "required": True,
    "description": "ISO 3166-1 alpha-2, or XK",
    "schema": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    "example": "GB",
}
USER_ID = {
    "name": "userId",
    "in": "query",
    "required": True,
    "description": "your own id of the listener",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "listener-1",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes a retry safe: the same key with the same content counts once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}
VALID = {
    "type": "object",
    "required": ["valid", "logs"],
    "properties": {"valid": {"const": True}, "logs": {"type": "integer", "minimum": 1}},
}
RECEIPT = {
    "type": "object",
    "required": ["receipt", "state", "requestId"],
    "properties": {
        "receipt": {"type": "string"},
        "state": {
            "enum": ["acknowledged", "consumed"],
            "description": "consumed: stored in the data centre, or counted there as a repeat or a dead letter",
        },
        "requestId": {"type": "string", "format": "uuid"},
        "remark": {"type": "string"},
    },
}
#: Values of a log that pass, by the field's name; what isn't here is left out of the example.
EXAMPLES: Mapping[str, Any] = {
    "userId": "listener-1",
    "country": "GB",
    "trackId": 123456,
    "releaseId": 12134,
    "formatId": 17,
    "dateTimePlayed": "2026-11-24T10:00:00.123Z",
    "totalTimePlayed": 31,
    "userAgent": "DemoPlayer/1.0",
    "playMode": "online",
    "endReason": "naturalEnd",
}


def log_paths(streams: Sequence[Stream]) -> dict[str, Any]:
    """Two paths a stream, and the receipts'."""
    paths: dict[str, Any] = {}
    for stream in streams:
        paths[stream.path] = {"post": _takes(stream)}
        paths[f"{stream.path}/validate"] = {"post": _validates(stream)}
    return paths | {"/1.2/logs/receipts/{receipt}": {"get": _receipt()}}


def _takes(stream: Stream) -> dict[str, Any]:
    forms = _forms(stream)
    about = "All of the logs are in Kafka, acknowledged by every in-sync replica."
    summary = f"Send {_noun(stream)}: all of a request is taken, or nothing"
    operation = _operation(stream, "send", summary, [IDEMPOTENCY_KEY])
    operation["description"] = (
        "1 to 500 logs. Keep the `X-Receipt`. Anything else than 200 has kept nothing, but for a 5xx with"
        " `X-Kept: unknown`: send it again unchanged, under the same `Idempotency-Key`."
    )
    operation["responses"]["200"] = success(about, _taken(stream), forms, "X-Receipt", *LIMITS)
    return operation


def _validates(stream: Stream) -> dict[str, Any]:
    operation = _operation(stream, "validate", f"Try {_noun(stream)}: the same answers, and nothing is kept", [])
    about = "All of the logs are valid."
    operation["responses"]["200"] = success(about, VALID, _forms(stream), *LIMITS)
    return operation


def _operation(stream: Stream, verb: str, summary: str, more: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    forms = _forms(stream)
    schema = {"$ref": f"#/components/schemas/{stream.name}"}
    fields = stream.item_schema["properties"]
    example = {stream.envelope: [{name: value for name, value in EXAMPLES.items() if name in fields}]}
    content: dict[str, Any] = {form: {"schema": schema} for form in forms}
    content[JSON]["example"] = example
    return {
        "tags": [TAG],
        "operationId": f"{verb}{stream.name.capitalize()}Logs",
        "summary": summary,
        "parameters": [COUNTRY, *([USER_ID] if "userId" in stream.query else []), *more],
        "requestBody": {"required": True, "content": content},
        "responses": refusals("415", *KEYED, forms=forms, kept=True),
    }


def _receipt() -> dict[str, Any]:
    receipt = {
        "name": "receipt",
        "in": "path",
        "required": True,
        "description": "the X-Receipt of a request of yours",
        "schema": {"type": "string"},
    }
    answers = refusals("404", *KEYED)
    answers["200"] = success("How far it has come.", RECEIPT, (JSON,), "X-Backlog-Seconds", *LIMITS)
    return {
        "tags": [TAG],
        "operationId": "askReceipt",
        "summary": "Ask what became of a request",
        "parameters": [receipt],
        "responses": answers,
    }


def _noun(stream: Stream) -> str:
    title = str(stream.schema["title"])
    return title[0].lower() + title[1:]


def _forms(stream: Stream) -> tuple[str, ...]:
    return (JSON, XML) if stream.takes_xml else (JSON,)


def _taken(stream: Stream) -> dict[str, Any]:
    if not stream.takes_xml:
        return {"type": "object", "maxProperties": 0}
    count = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 1}}}
    words = {"status": {"const": "ok"}, "version": {"const": "1.2"}}
    return {"type": "object", "required": ["status", "version", "playLogs"], "properties": words | {"playLogs": count}}
