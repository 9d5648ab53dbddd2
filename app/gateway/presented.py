"""What a request shows of its sender: the key, wherever clients put it, and the signature with all that it covers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.errors import ApiError
from app.gateway.keys import read_header
from app.parameters import read_parameters

FORM = "application/x-www-form-urlencoded"
#: A form is read whole, for its key and its signature; nginx takes no larger ones.
MAX_FORM_BYTES = 1024 * 1024

SIGNATURE = "oauth_signature"


class Presented(NamedTuple):
    """The parts of one request that the gateway looks at. Parameters are by lower-case name, the first of two."""

    method: str
    scheme: str
    host: str
    #: Path and query as the client sent them.
    target: str
    query: Mapping[str, str]
    header: Mapping[str, str]
    authorization: str
    #: Body of a form; None where there is none, or it is too large.
    form_body: str | None
    form: Mapping[str, str]

    @property
    def is_signed(self) -> bool:
        """Whether it has a signature, be it right or wrong."""
        return SIGNATURE in self.query or SIGNATURE in self.header or SIGNATURE in self.form

    @property
    def uri(self) -> str:
        """The URI that the client signed."""
        return f"{self.scheme}://{self.host}{self.target}"


def present(environ: Mapping[str, Any], form: bytes | None = None) -> Presented:
    """Reads a request to the app itself. Raises ApiError 400 when the query has too many parameters."""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO", "/")
    query = read_parameters(environ.get("QUERY_STRING", ""))
    return _presented(environ, environ["REQUEST_METHOD"], target, query, form)


def present_original(environ: Mapping[str, Any], form: bytes | None = None) -> Presented:
    """Reads the request that nginx asks about: method and target as its headers say, the rest as it came."""
    target = environ.get("HTTP_X_ORIGINAL_URI", "/")
    query = read_parameters(target.partition("?")[2])
    return _presented(environ, environ.get("HTTP_X_ORIGINAL_METHOD", "GET"), target, query, form)


def _presented(
    environ: Mapping[str, Any], method: str, target: str, query: Mapping[str, str], form: bytes | None
) -> Presented:
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    text = form.decode("latin-1") if form else None
    return Presented(
        method,
        # nginx says what the client used (TRUSTED_PROXIES decides whom it believes); nobody else talks to us.
        "https" if environ.get("HTTP_X_FORWARDED_PROTO") == "https" else "http",
        environ.get("HTTP_HOST", ""),
        target,
        query,
        read_header(authorization) if authorization else {},
        authorization,
        text,
        _form_parameters(text) if text else {},
    )


def _form_parameters(text: str) -> Mapping[str, str]:
    try:
        return read_parameters(text)
    except ApiError:
        # Too many for us to look through: the key has to be elsewhere.
        return {}
