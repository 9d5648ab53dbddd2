"""Serves the contract: /openapi.json for machines, /docs/ for people."""

from collections.abc import Sequence
from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Response, abort, redirect, send_from_directory

from app.formats import JSON
from app.logs.stream import Stream
from app.openapi.document import openapi_document

OURS = Path(__file__).with_name("page")
#: Swagger UI as its makers built it; the wheel has it, so that nothing is fetched from elsewhere.
THEIRS = Path(flask_swagger_ui.__file__).with_name("dist")
FILES = {
    "docs.css": OURS,
    "docs.js": OURS,
    "swagger-ui.css": THEIRS,
    "swagger-ui-bundle.js": THEIRS,
    "favicon-32x32.png": THEIRS,
}
#: A browser asks again after a day; then the file's ETag answers.
MOST_AGE_SECONDS = 86_400
#: Swagger UI sets styles by itself; everything comes from here, and goes here.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def openapi_routes(streams: Sequence[Stream]) -> Blueprint:
    """Serves the document, made once, and the page that shows it. Neither needs a key."""
    routes = Blueprint("openapi", __name__)
    body = orjson.dumps(openapi_document(streams))

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return Response(body, content_type=JSON)

    @routes.get("/docs")
    def to_docs() -> Response:
        # Relative: whatever stands in front of us knows by which name it was asked.
        answer = redirect("docs/", 308)
        answer.autocorrect_location_header = False
        assert isinstance(answer, Response)
        return answer

    @routes.get("/docs/")
    def docs() -> Response:
        answer = send_from_directory(OURS, "index.html", max_age=0)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    @routes.get("/docs/<name>")
    def file(name: str) -> Response:
        if name not in FILES:
            abort(404)
        return send_from_directory(FILES[name], name, max_age=MOST_AGE_SECONDS)

    return routes
