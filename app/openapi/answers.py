"""What every endpoint may answer beside its success: statuses, their meaning, headers and bodies."""

from collections.abc import Mapping, Sequence
from typing import Any

JSON, XML = "application/json", "application/xml"

#: Meaning of each status, and what to do.
MEANINGS = {
    "304": "What If-None-Match names is still the answer.",
    "400": "Something of the request is invalid or can't be read; nothing of it was kept. Correct it.",
    "401": "The key is unknown or was revoked, or the signature is wrong, old or used before, or missing.",
    "403": "The key may not use this service. Ask us.",
    "404": "There is nothing of this name.",
    "405": "This method can't be used here.",
    "408": "The request took too long to arrive. Nothing of it was kept. Try again.",
    "413": "Too large, as sent or inflated. Send fewer logs in a request.",
    "414": "The URL is too long.",
    "415": "Neither JSON nor, where it is taken, XML; or an encoding that isn't known.",
    "429": "The daily limit is used up, until midnight GMT; or too many requests from one address without a key.",
    "431": "The header is too large.",
    "500": "A fault of ours. Its X-Request-Id finds it in our logs. Try again later, under the same Idempotency-Key.",
    "502": "The service can't be reached just now. Try again.",
    "503": "Not now. Try again after Retry-After seconds, under the same Idempotency-Key.",
    "504": "The service didn't answer in time. Try again, under the same Idempotency-Key.",
}
#: The door itself may answer so, whatever is asked.
DOOR = ("400", "408", "413", "414", "429", "431", "500", "502", "503", "504")
KEYED = ("401", "403")

HEADERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "X-Request-Id": ("names the request in our logs", {"type": "string", "minLength": 1}),
    "Retry-After": ("seconds to wait", {"type": "integer", "minimum": 0}),
    "X-Kept": ("whether anything of the request may be kept", {"type": "string", "enum": ["no", "unknown"]}),
    "X-RateLimit-Limit": ("requests a day, of a client that has a limit", {"type": "integer"}),
    "X-RateLimit-Current": ("of these, used today", {"type": "integer"}),
    "X-RateLimit-Reset": ("seconds to midnight GMT", {"type": "integer"}),
    "X-RateLimit-Warning": ("from 80 % on", {"type": "string"}),
    "X-Receipt": ("ask with it what became of the logs", {"type": "string"}),
    "X-Backlog-Seconds": ("least age of the oldest log that isn't stored yet", {"type": "integer"}),
    "ETag": ("changes exactly when the body does", {"type": "string"}),
    "Cache-Control": ("private, with a max-age that ends at the next change of a right", {"type": "string"}),
    "X-Catalogue-Version": ("the version of the release", {"type": "integer"}),
    "X-Catalogue-As-Of": ("every change until this moment has arrived in the region", {"type": "string"}),
    "X-Usage-Refused": ("each use that was asked for and doesn't hold, and from when it will", {"type": "string"}),
}
LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Current", "X-RateLimit-Reset", "X-RateLimit-Warning")
RETRIED = frozenset({"429", "502", "503", "504"})

PROBLEM = {
    "type": "object",
    "description": "One thing that is wrong with a body.",
    "required": ["pointer", "rule", "code", "message", "retry"],
    "properties": {
        "index": {"type": "integer", "description": "the log's place in the request, from 0"},
        "pointer": {"type": "string", "description": "a JSON pointer into the body"},
        "rule": {"type": "string", "description": "the rule that is broken"},
        "code": {"type": "integer"},
        "message": {"type": "string", "description": "for a person"},
        "retry": {"type": "boolean", "description": "whether the same log, unchanged, may pass later"},
    },
}
ERROR = {
    "type": "object",
    "description": "Every refusal has this shape, whoever speaks it.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {
                    "type": "integer",
                    "description": "1001 missing, 1002 invalid, 1003 out of range, 1006 not in its list, 1008 logs are"
                    " invalid, 2001 not there, 2002 not available here, 7001 unable now, 7003 timed out, 9001 ours",
                },
                "message": {"type": "string", "description": "for a person"},
                "total": {"type": "integer", "description": "all problems, of which up to 100 are listed"},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
            },
        }
    },
}


def headers(*names: str) -> dict[str, Any]:
    """Headers of an answer; any of them may be left out."""
    return {name: {"description": HEADERS[name][0], "schema": dict(HEADERS[name][1])} for name in names}


def success(about: str, schema: Mapping[str, Any], forms: Sequence[str] = (JSON,), *names: str) -> dict[str, Any]:
    """The answer to a request that is well."""
    content = {form: {"schema": schema} for form in forms}
    return {"description": about, "headers": headers("X-Request-Id", *names), "content": content}


def refusals(*statuses: str, forms: Sequence[str] = (JSON,), kept: bool = False) -> dict[str, Any]:
    """The door's refusals and these, each with its meaning. `kept`: some say whether anything was."""
    return {status: _refusal(status, forms, kept=kept) for status in sorted({*DOOR, *statuses})}


def _refusal(status: str, forms: Sequence[str], *, kept: bool) -> dict[str, Any]:
    names = ["X-Request-Id"]
    names += ["Retry-After"] if status in RETRIED else []
    names += ["X-Kept"] if kept and status[0] == "5" else []
    names += LIMITS if status == "429" else []
    if status == "304":
        return {"description": MEANINGS[status], "headers": headers("ETag", "Cache-Control")}
    error = {"$ref": "#/components/schemas/Error"}
    content = {form: {"schema": error} for form in dict.fromkeys((JSON, *forms))}
    return {"description": MEANINGS[status], "headers": headers(*names), "content": content}
