"""GET /openapi.json: the HTTP contract for machines, made from the streams' own schemas. docs/api.md is for people."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Blueprint, Response

from app.formats import JSON
from app.logs.stream import Stream
from app.tracks.openapi import catalogue_paths

KEY_PARAMETER = {"name": "oauth_consumer_key", "in": "query", "required": True, "schema": {"type": "string"}}
USER_ID = {
    "name": "userId",
    "in": "query",
    "required": True,
    "description": "your own id of the listener",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
COUNTRY = {"name": "country", "in": "query", "required": True, "schema": {"type": "string", "pattern": "^[A-Za-z]{2}$"}}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes a retry safe: the same key with the same content counts once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "total": {"type": "integer", "description": "all problems, of which up to 100 are listed"},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
            },
        }
    },
}
PROBLEM = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "description": "the log's place in the request, from 0"},
        "pointer": {"type": "string", "description": "a JSON pointer into the body"},
        "rule": {"type": "string"},
        "code": {"type": "integer"},
        "message": {"type": "string"},
        "retry": {"type": "boolean", "description": "whether the same log, unchanged, may pass later"},
    },
}
VALID = {"type": "object", "properties": {"valid": {"const": True}, "logs": {"type": "integer"}}}
#: What every endpoint that takes a body or a key may answer beside 200.
REFUSALS = {
    "400": "something of the request is invalid; nothing of it is kept",
    "401": "the key is unknown or was revoked, or the signature is wrong, or one is missing that has to be there",
    "403": "the key may not use this service",
    "413": "too large, as sent or inflated",
    "415": "neither JSON nor, where it is taken, XML; or an encoding that isn't known",
    "429": "the daily limit is used up; Retry-After is the time to midnight GMT",
    "503": "not now: X-Kept says whether the logs may be kept all the same; Retry-After says when to try again",
}


def openapi_document(streams: Sequence[Stream]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the public endpoints."""
    paths: dict[str, Any] = {
        "/health": {"get": _operation("Whether the process is alive.", "it is")},
        "/1.2/status": {"get": _operation("Our time; a probe with a key.", "the time", [KEY_PARAMETER], "401", "503")},
        "/1.2/limits": {"get": _limits()},
        "/openapi.json": {"get": _operation("This document.", "it")},
        "/1.2/logs/receipts/{receipt}": {"get": _receipt()},
    }
    paths |= catalogue_paths()
    for stream in streams:
        paths[stream.path] = {"post": _logs(stream, "Takes logs: all of a request, or none.", [IDEMPOTENCY_KEY])}
        paths[f"{stream.path}/validate"] = {"post": _logs(stream, "Says what it would answer, and keeps nothing.", [])}
    schemas = {stream.name: stream.schema for stream in streams} | {"Error": ERROR, "Problem": PROBLEM}
    info = {"title": "Playlog", "version": "1.2", "description": "Play logs of partners; see docs/api.md."}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def openapi_routes(streams: Sequence[Stream]) -> Blueprint:
    """Serves the document, made once."""
    routes = Blueprint("openapi", __name__)
    body = orjson.dumps(openapi_document(streams))

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return Response(body, content_type=JSON)

    return routes


def _operation(
    summary: str, success: str, parameters: Sequence[Mapping[str, Any]] = (), *refusals: str
) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    responses: dict[str, Any] = {"200": {"description": success}}
    responses |= {status: {"description": REFUSALS[status]} | error for status in refusals}
    return {"summary": summary, "parameters": list(parameters), "responses": responses}


def _limits() -> dict[str, Any]:
    operation = _operation("A client's own limit, use of today and services.", "them", [KEY_PARAMETER], "401", "503")
    numbers = {name: {"type": "integer"} for name in ("dailyLimit", "current", "remaining", "resetSeconds")}
    service = {"type": "object", "properties": {"name": {"type": "string"}, "signed": {"type": "boolean"}}}
    facts = {"client": {"type": "string"}, "day": {"type": "string", "format": "date"}} | numbers
    limits = {"type": "object", "properties": facts | {"services": {"type": "array", "items": service}}}
    words = {"status": {"const": "ok"}, "version": {"const": "1.2"}, "limits": limits}
    operation["responses"]["200"]["content"] = {JSON: {"schema": {"type": "object", "properties": words}}}
    return operation


def _receipt() -> dict[str, Any]:
    receipt = {"name": "receipt", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = _operation(
        "How far a request has come.", "its state", [receipt, KEY_PARAMETER], "401", "403", "429", "503"
    )
    operation["responses"]["404"] = {"description": "no receipt of this client"}
    state = {"type": "object", "properties": {"receipt": {"type": "string"}, "state": {"type": "string"}}}
    operation["responses"]["200"]["content"] = {"application/json": {"schema": state}}
    return operation


def _logs(stream: Stream, summary: str, headers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    query = [KEY_PARAMETER, COUNTRY, *([USER_ID] if "userId" in stream.query else [])]
    operation = _operation(summary, "all of them are valid", [*query, *headers], *REFUSALS)
    forms = ["application/json", *(["application/xml"] if stream.takes_xml else [])]
    schema = {"$ref": f"#/components/schemas/{stream.name}"}
    operation["requestBody"] = {"required": True, "content": {form: {"schema": schema} for form in forms}}
    success = operation["responses"]["200"]
    success["content"] = {form: {"schema": _taken(stream) if headers else VALID} for form in forms}
    if headers:
        text = {"schema": {"type": "string"}}
        success["headers"] = {"X-Receipt": text, "X-Request-Id": text}
    return operation


def _taken(stream: Stream) -> dict[str, Any]:
    if not stream.takes_xml:
        return {"type": "object"}
    count = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}
    words = {"status": {"const": "ok"}, "version": {"const": "1.2"}}
    return {"type": "object", "required": ["status", "version", "playLogs"], "properties": words | {"playLogs": count}}
