"""Which of our two formats a reply has: by its endpoint, and by the request's Accept."""

from flask import Request

JSON = "application/json"
XML = "application/xml; charset=utf-8"

#: Endpoints that speak XML unless they are asked for JSON, as the platform's API always did.
XML_PATHS = frozenset({"/1.2/status"})


def reply_format(request: Request) -> str:
    """JSON or XML, as a content type."""
    if request.path not in XML_PATHS:
        return JSON
    accepted = request.accept_mimetypes
    return JSON if accepted["application/json"] > accepted["application/xml"] else XML
