"""The deployment under test: where it is, with which key, and what a request to it looks like."""

import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.smoke.waiting import first_true

REQUEST_SECONDS = 20.0
#: A deployment that is just being replaced may say 503 for so long; its clients would try again as well.
BUSY_SECONDS = 30.0
BUSY = frozenset({429, 502, 503, 504})

LOGS = "/1.2/user/preview/log"


@dataclass(frozen=True)
class Site:
    """A deployment, over HTTP alone."""

    url: str
    key: str

    @classmethod
    def of_environment(cls) -> "Site":
        """The one that BASE_URL and PLAYLOG_KEY name."""
        url, key = os.environ.get("BASE_URL", ""), os.environ.get("PLAYLOG_KEY", "")
        if not (url and key):
            raise AssertionError(
                "Set BASE_URL and PLAYLOG_KEY, the key of a test client: make smoke BASE_URL=https://…"
            )
        return cls(url.rstrip("/"), key)

    def get(self, path: str, key: str | None = None) -> requests.Response:
        """One GET; the key travels in a header, not in the address."""
        return requests.get(self.url + path, headers=self._headers(key), timeout=REQUEST_SECONDS)

    def post(
        self, path: str, body: Any = None, *, data: bytes | None = None, key: str | None = None
    ) -> requests.Response:
        """A POST, tried again under one Idempotency-Key while the deployment is busy."""
        headers = self._headers(key) | {"Content-Type": "application/json", "Idempotency-Key": f"smoke-{uuid.uuid4()}"}

        def once() -> requests.Response:
            return requests.post(
                self.url + path,
                params={"country": "GB", "userId": "smoke"},
                json=body,
                data=data,
                headers=headers,
                timeout=REQUEST_SECONDS,
            )

        return first_true(once, lambda answer: answer.status_code not in BUSY, BUSY_SECONDS)

    def _headers(self, key: str | None) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Authorization": f'OAuth oauth_consumer_key="{self.key if key is None else key}"',
        }


def play_log(**changes: Any) -> dict[str, Any]:
    """A valid log of an hour ago, with some fields changed."""
    played = datetime.now(UTC) - timedelta(hours=1)
    log = {
        "userId": f"smoke-{uuid.uuid4()}",
        "country": "GB",
        "trackId": 123456,
        "dateTimePlayed": played.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "totalTimePlayed": 31,
        "userAgent": "SmokeTest/1.0 (é🎵)",
        "playMode": "online",
        "playType": "view",
    }
    return log | changes
