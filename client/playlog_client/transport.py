"""Posts requests over HTTP, with a pool of connections."""

from typing import Protocol
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import NewConnectionError

from playlog_client.batch import Request
from playlog_client.verdict import Reply

CONNECT_SECONDS = 5.0


class NotReached(Exception):
    """No reply came. `kept` is "no" when the request never left, else "unknown": it may have arrived."""

    def __init__(self, reason: str, kept: str) -> None:
        super().__init__(reason)
        self.kept = kept


class Transport(Protocol):
    """The way to the server. May be used from several threads."""

    def post(self, request: Request) -> Reply:
        """Posts once. Raises NotReached."""


class KeyInHeader(AuthBase):
    """Puts the key into the Authorization header, not into the address, which ends up in logs on the way.

    Being given, it also keeps requests from reading a password for this host from ~/.netrc.
    """

    def __init__(self, key: str) -> None:
        self._value = f'OAuth oauth_consumer_key="{quote(key, safe="-._~")}"'

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class HttpTransport:
    """Posts to one server. It never tries again itself, and follows no redirect: a POST would become a GET."""

    def __init__(self, url: str, key: str, *, connections: int, timeout_seconds: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = (min(CONNECT_SECONDS, timeout_seconds), timeout_seconds)
        self._session = requests.Session()
        self._session.auth = KeyInHeader(key)
        # Proxies and certificates of the environment are for other machines, never for this one.
        self._session.trust_env = not is_loopback(url)
        pool = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
        self._session.mount("http://", pool)
        self._session.mount("https://", pool)

    def post(self, request: Request) -> Reply:
        try:
            answer = self._session.post(
                self._url + request.path,
                params=request.query,
                data=request.body,
                headers=request.headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise not_reached(error) from error
        return Reply(answer.status_code, answer.headers, answer.content)

    def get(self, path: str) -> Reply:
        """Gets once. Raises NotReached."""
        try:
            answer = self._session.get(self._url + path, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise not_reached(error) from error
        return Reply(answer.status_code, answer.headers, answer.content)

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()


def is_loopback(url: str) -> bool:
    """Whether the server is on this machine."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def not_reached(error: requests.RequestException) -> NotReached:
    """The error of the library in our words. Its own text holds the whole address, so it isn't shown."""
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError):
        return NotReached("no connection", kept="no")
    if isinstance(error, requests.Timeout):
        return NotReached("no reply in time", kept="unknown")
    return NotReached(f"the connection broke ({type(error).__name__})", kept="unknown")


def problem_with_url(url: str) -> str | None:
    """Why `url` can't be the address of a server; None when it can."""
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit:
        return "must be http://HOST[:PORT] or https://HOST[:PORT]"
    if parts.query or parts.fragment or parts.username:
        return "must be the server's address alone, without a query or a user name"
    return None
