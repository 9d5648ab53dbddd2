"""The OpenAPI 3.1 document of the public endpoints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.logs.stream import Stream
from app.openapi.answers import ERROR, JSON, KEYED, LIMITS, PROBLEM, XML, refusals, success
from app.openapi.logs import TAG as LOGS
from app.openapi.logs import log_paths
from app.openapi.models import SCHEMAS
from app.openapi.tracks import TAG as CATALOGUE
from app.openapi.tracks import catalogue_paths

GUIDE = Path(__file__).with_name("page") / "guide.md"
SERVICE = "Service"
FORMS = (JSON, XML)
#: The key goes with every request, in one of these ways.
SECURITY_SCHEMES = {
    "key": {
        "type": "apiKey",
        "in": "query",
        "name": "oauth_consumer_key",
        "description": "Your key, as a query parameter. Names of parameters have no case, keys do.",
    },
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": 'Your key, out of logs: `OAuth oauth_consumer_key="KEY"`. Signed, it has more (OAuth 1.0).',
    },
}
OPENAPI = {"type": "object", "required": ["openapi", "info", "paths"]}
TIME = {
    "type": "object",
    "required": ["status", "version", "serviceStatus"],
    "properties": {
        "status": {"const": "ok"},
        "version": {"const": "1.2"},
        "serviceStatus": {
            "type": "object",
            "required": ["serverTime"],
            "properties": {"serverTime": {"type": "string", "format": "date-time"}},
        },
    },
}


def openapi_document(streams: Sequence[Stream]) -> dict[str, Any]:
    """The whole of it. The schemas of logs are those that decide whether a log is valid."""
    schemas = {stream.name: stream.schema for stream in streams} | SCHEMAS | {"Error": ERROR, "Problem": PROBLEM}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Playlog", "version": "1.2", "description": GUIDE.read_text(encoding="utf-8")},
        "servers": [{"url": "/"}],
        "tags": [
            {"name": LOGS, "description": "Send what was played, and ask what became of it."},
            {"name": CATALOGUE, "description": "Tracks and releases, and which uses of them are allowed."},
            {"name": SERVICE, "description": "The service itself."},
        ],
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "paths": log_paths(streams) | catalogue_paths() | _service_paths(),
        "components": {"schemas": schemas, "securitySchemes": SECURITY_SCHEMES},
    }


def _service_paths() -> dict[str, Any]:
    alive = {"type": "object", "required": ["alive"], "properties": {"alive": {"const": True}}}
    return {
        "/1.2/limits": {"get": _keyed("getLimits", "Your limit, your use of today and your services", _limits())},
        "/1.2/status": {"get": _keyed("getStatus", "Our time; a probe with a key", TIME)},
        "/health": {"get": _open("getHealth", "Is the service alive", alive)},
        "/openapi.json": {
            "get": _open("getContract", "This contract, for machines", {"type": "object", "required": ["openapi"]})
        },
    }


def _keyed(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    answers = refusals(*KEYED, forms=FORMS)
    answers["200"] = success("It is well.", schema, FORMS, *LIMITS)
    return {"tags": [SERVICE], "operationId": name, "summary": summary, "responses": answers}


def _open(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    """An endpoint that needs no key."""
    answers = refusals()
    answers["200"] = success("It is well.", schema)
    return {"tags": [SERVICE], "operationId": name, "summary": summary, "security": [], "responses": answers}


def _limits() -> dict[str, Any]:
    numbers = {name: {"type": "integer"} for name in ("dailyLimit", "current", "remaining", "resetSeconds")}
    service = {
        "type": "object",
        "required": ["name", "signed"],
        "properties": {"name": {"type": "string"}, "signed": {"type": "boolean"}},
    }
    facts = {"client": {"type": "string"}, "day": {"type": "string", "format": "date"}} | numbers
    limits = {
        "type": "object",
        "required": ["client", "day"],
        "description": "Without a daily limit there are no numbers.",
        "properties": facts | {"services": {"type": "array", "items": service}},
    }
    words = {"status": {"const": "ok"}, "version": {"const": "1.2"}, "limits": limits}
    return {"type": "object", "required": ["status", "version", "limits"], "properties": words}
