"""Asks the legacy API and ours what a client had asked, over connections that are kept: one Asker a thread."""

import http.client
import time
from collections.abc import Mapping

from moving.comparator.canonical import Answer
from moving.comparator.told import Told

#: No answer of either API is nearly as large.
MOST_BYTES = 8 * 1024 * 1024


class Door:
    """One API."""

    def __init__(self, address: tuple[str, int], timeout_seconds: float) -> None:
        self._address, self._timeout = address, timeout_seconds
        self._connection: http.client.HTTPConnection | None = None

    def get(self, target: str, headers: Mapping[str, str]) -> Answer | None:
        """The answer to a GET; None when there is none in time. A kept connection that was closed is opened again."""
        is_kept = self._connection is not None
        try:
            return self._get(target, headers)
        except (OSError, http.client.HTTPException):
            self.close()
        if not is_kept:
            return None
        try:
            return self._get(target, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def _get(self, target: str, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._address, timeout=self._timeout)
        began = time.monotonic()
        self._connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self._connection.putheader(name, value)
        self._connection.endheaders()
        reply = self._connection.getresponse()
        body = reply.read(MOST_BYTES + 1)
        seconds = time.monotonic() - began
        if len(body) > MOST_BYTES:
            raise http.client.HTTPException("too large")
        return Answer(reply.status, reply.headers.get("Content-Type", ""), body, seconds)

    def close(self) -> None:
        """Drops the connection; the next question opens one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Asker:
    """Both doors of one thread."""

    def __init__(self, legacy: tuple[str, int], ours: tuple[str, int], timeout_seconds: float) -> None:
        self._legacy, self._ours = Door(legacy, timeout_seconds), Door(ours, timeout_seconds)

    def legacy(self, told: Told) -> Answer | None:
        """What the legacy API answers."""
        return self._legacy.get(told.target, _headers(told))

    def ours(self, told: Told) -> Answer | None:
        """What the app answers, on the verdict that was given when the client asked: nothing is counted again."""
        return self._ours.get(told.target, _headers(told) | {"X-Gw-Verdict": told.verdict, "X-Gw-Compared": "1"})

    def close(self) -> None:
        self._legacy.close()
        self._ours.close()


def _headers(told: Told) -> dict[str, str]:
    named = {
        "Host": told.host or "playlog",
        "X-Forwarded-Proto": told.scheme,
        "Accept": told.accept,
        "Authorization": told.authorization,
        "X-7d-traceid": told.trace,
        "User-Agent": "playlog-comparator",
    }
    return {name: value for name, value in named.items() if value}
