"""The application with a catalogue of the test's own, and two clients who may use it."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from app.gateway.client import Client
from tests.catalogue_xml import Refusal, parse_answer
from tests.unit.app.bench import KEY, TEST_KEY, AppCase, live_key


class CatalogueCase(AppCase):
    """Clients who may use the catalogue, one of them a test client."""

    def setUp(self) -> None:
        super().setUp()
        self.list_keys(
            live_key(KEY, Client("acme", False, None, {"tracks": False})),
            live_key(TEST_KEY, Client("smoke", True, None, {"tracks": False})),
        )
        self.now = self.clock.now()

    def at(self, **later: float) -> str:
        """A moment from now, as documents have it."""
        return (self.now + timedelta(**later)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def ask(self, path: str, key: str = KEY, **headers: str) -> TestResponse:
        """Asks as one client; the path has its own parameters."""
        return self.http.get(f"/1.2/{path}&oauth_consumer_key={key}", headers=headers)

    def details(self, query: str = "trackid=100&country=GB", key: str = KEY, **headers: str) -> TestResponse:
        return self.ask(f"track/details?{query}", key, **headers)

    def json(self, path: str) -> Any:
        reply = self.ask(path, Accept="application/json")
        self.assertEqual(reply.status_code, 200, reply.text)
        return reply.get_json()

    def refusal(self, reply: TestResponse, status: int = 404) -> tuple[int, str]:
        """Code and message of a refusal in XML."""
        self.assertEqual(reply.status_code, status, reply.text)
        try:
            parse_answer(reply.data)
        except Refusal as refusal:
            return refusal.code, refusal.message
        raise AssertionError(reply.text)
