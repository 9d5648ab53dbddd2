"""Which of our two formats a request's body and its reply have."""

import re

from flask import Request, g

from app.paths import TRACK_PATHS

JSON = "application/json"
XML = "application/xml; charset=utf-8"

#: Endpoints that speak XML unless they are asked for JSON, as the platform's API always did.
XML_PATHS = frozenset({"/1.2/status", "/1.2/limits"}) | TRACK_PATHS

#: What most clients send that don't care.
ANYTHING = frozenset({None, "", "*/*"})

_UTF_8 = r'\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?'
_JSON_TYPE = re.compile(f"application/json{_UTF_8}", re.IGNORECASE)
_XML_TYPE = re.compile(f"(application|text)/xml{_UTF_8}", re.IGNORECASE)


def body_format(request: Request) -> str | None:
    """JSON or XML, by the request's content type; None for another type, or another charset than UTF-8."""
    given = request.environ.get("CONTENT_TYPE", "").strip()
    if given == JSON or _JSON_TYPE.fullmatch(given):
        return JSON
    return XML if _XML_TYPE.fullmatch(given) else None


def answer_alike(form: str) -> None:
    """From an endpoint that speaks both: the reply is in the body's format, unless Accept prefers the other."""
    g.usual_format = form


def reply_format(request: Request) -> str:
    """JSON or XML, as a content type: by the endpoint, and where it speaks both by the request's Accept."""
    usual = XML if request.path in XML_PATHS else g.get("usual_format")
    if usual is None:
        return JSON
    if request.environ.get("HTTP_ACCEPT") in ANYTHING:
        return str(usual)
    accepted = request.accept_mimetypes
    likes_json, likes_xml = accepted["application/json"], max(accepted["application/xml"], accepted["text/xml"])
    if likes_json == likes_xml:
        return str(usual)
    return JSON if likes_json > likes_xml else XML
