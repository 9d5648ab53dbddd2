"""A sender of play logs: its logs, and its requests over HTTP."""

import gzip
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from devstack.ports import HOST

PATH = "/1.2/user/preview/log"
SENDER_SECONDS = 30.0


def log(**changes: Any) -> dict[str, Any]:
    """A log that is valid but for the changes."""
    return {
        "userId": "listener-1",
        "country": "GB",
        "trackId": 123456,
        "dateTimePlayed": (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "totalTimePlayed": 31,
        "userAgent": "DemoPlayer/1.0",
        "playMode": "online",
        "playType": "view",
    } | changes


def body_of(*logs: Any) -> bytes:
    return json.dumps({"logs": logs}).encode()


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.data)["error"]
        return found


class Sender:
    """Sends requests, each on a connection of its own. `port` is where to, and `key` the client's."""

    key: str

    @property
    def port(self) -> int:
        raise NotImplementedError

    def connect(self, port: int | None = None) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, port or self.port, timeout=SENDER_SECONDS)

    def request(
        self, method: str, path: str, data: bytes | None = None, *, port: int | None = None, **headers: str
    ) -> Reply:
        """One request on a connection of its own."""
        connection = self.connect(port)
        try:
            connection.request(method, path, data, {name.replace("_", "-"): text for name, text in headers.items()})
            reply = connection.getresponse()
            return Reply(reply.status, dict(reply.getheaders()), reply.read())
        finally:
            connection.close()

    def post(self, data: bytes, key: str | None = None, query: str = "country=GB", **headers: str) -> Reply:
        """Posts a body as it is."""
        given = {"Content_Type": "application/json"} | headers
        return self.request("POST", f"{PATH}?{query}&oauth_consumer_key={key or self.key}", data, port=None, **given)

    def post_gzip(self, data: bytes) -> Reply:
        return self.post(gzip.compress(data), Content_Encoding="gzip")
