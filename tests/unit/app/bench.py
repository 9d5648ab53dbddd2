"""The whole application on fakes, a client that is known to it, and what the tests of its endpoints share."""

import json
import tempfile
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app.factory import create_app
from app.gateway.client import Client, ClientList, LiveKey
from app.gateway.clients import Clients
from app.gateway.keys import hash_key
from app.gateway.quota import DailyQuota
from app.gateway.sealed import SealingKeys
from app.gateway.verdicts import Verdicts
from app.logs.progress import Progress
from app.logs.topic_watch import TopicFacts
from app.tracks.cache import AnswerCache
from app.tracks.making import Catalogue
from common.receipts import Receipts
from tests.fakes.albums import FakeAlbums, FakeFollower
from tests.fakes.counters import CounterStore, FakeCounters
from tests.fakes.hand_clock import HandClock, RunningClock
from tests.fakes.publisher import TOPIC_ID, FakePublisher
from tests.fakes.topic_source import FakeTopicSource
from tests.recorded_metrics import RecordedMetrics

SECRET = "s" * 32
KEY = "k3y-of-acme"
OTHER_KEY = "k3y-of-other"
TEST_KEY = "k3y-of-smoke"
PATH = "/1.2/user/preview/log"

SEALING_KEYS = SealingKeys({"test": b"k" * 32})
OAUTH_SECRET = "s3cret-that-signs"


def live_key(key: str, client: Client) -> LiveKey:
    """A key as the list has it; its secret is OAUTH_SECRET."""
    key_hmac = hash_key(key, SECRET)
    return LiveKey(client, key_hmac, SEALING_KEYS.seal(OAUTH_SECRET, key_hmac))


def instant(now: datetime, **ago: float) -> str:
    """A moment so long ago, as JavaScript writes it."""
    return (now - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class FakeTopic:
    """What the application asks of the topic's watch."""

    def __init__(self) -> None:
        self.facts: TopicFacts | None = TopicFacts(TOPIC_ID, 2, 2_097_152)
        self.problems: tuple[str, ...] = ()


class AppCase(unittest.TestCase):
    """A test on the application as a whole."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.clock = HandClock()
        self.metrics = RecordedMetrics()
        self.publisher = FakePublisher()
        self.topic = FakeTopic()
        self.source = FakeTopicSource()
        self.drain_file = Path(folder.name) / "draining"
        self.clients = Clients(SECRET, self.clock)
        self.list_clients(acme=KEY, other=OTHER_KEY, smoke=TEST_KEY)
        self.store = CounterStore()
        self.counters = FakeCounters(self.store, self.clock)
        self.quota = DailyQuota(self.counters, self.clock, budget=3)
        self.albums, self.answers, self.follower = FakeAlbums(), AnswerCache(RunningClock()), FakeFollower()
        self.app = create_app(
            clients=self.clients,
            quota=self.quota,
            books=self.counters,
            keys=SEALING_KEYS,
            verdicts=Verdicts(SECRET, self.clock),
            publisher=self.publisher,
            catalogue=Catalogue(self.albums, self.answers, self.follower),
            topic=self.topic,
            progress=Progress(self.source, "play-logs", "persister", self.clock),
            receipts=Receipts(SECRET),
            clock=self.clock,
            metrics=self.metrics,
            drain_file=self.drain_file,
        )
        self.http = self.app.test_client()

    def list_clients(self, **keys: str) -> None:
        """Clients without a limit, who may send logs, by their keys."""
        self.list_keys(
            *(live_key(key, Client(name, name == "smoke", None, {"logs.*": False})) for name, key in keys.items())
        )

    def list_keys(self, *keys: LiveKey) -> None:
        self.clients.replace(ClientList({key.key_hmac: key for key in keys}, self.clock.now()))

    def log(self, **changes: Any) -> dict[str, Any]:
        """A log that is valid but for the changes."""
        return {
            "userId": "listener-1",
            "country": "GB",
            "trackId": 123456,
            "dateTimePlayed": instant(self.clock.now(), hours=1),
            "totalTimePlayed": 31,
            "userAgent": "DemoPlayer/1.0",
            "playMode": "online",
            "playType": "view",
        } | changes

    def post(self, body: bytes | str, path: str = PATH, query: str = "country=GB", **headers: str) -> TestResponse:
        """Posts a body as it is."""
        given = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
        return self.http.post(f"{path}?oauth_consumer_key={KEY}&{query}", data=body, headers=given)

    def post_logs(self, *logs: dict[str, Any], **headers: str) -> TestResponse:
        return self.post(json.dumps({"logs": logs}), **headers)

    def stored(self) -> list[dict[str, Any]]:
        """The canonical logs of the last record."""
        return list(self.publisher.records[-1].items)

    def assert_accepted(self, reply: TestResponse) -> list[dict[str, Any]]:
        """200, and one record more; returns its logs."""
        self.assertEqual(reply.status_code, 200, reply.text)
        return self.stored()

    def assert_refused(self, reply: TestResponse, status: int = 400) -> dict[str, Any]:
        """Refused in our one shape, nothing produced, and the next good request is taken; returns the error."""
        self.assertEqual(reply.status_code, status, reply.text)
        self.assertEqual(reply.content_type, "application/json")
        self.assertIn("X-Request-Id", reply.headers)
        self.assertEqual(reply.headers["X-Kept"], "no")
        self.assertEqual(self.publisher.records, [])
        self.assertEqual(self.post_logs(self.log()).status_code, 200)
        self.publisher.records.clear()
        error: dict[str, Any] = reply.get_json()["error"]
        return error

    def assert_one_problem(self, reply: TestResponse, pointer: str, rule: str) -> dict[str, Any]:
        """400 for one place in one log; returns the problem."""
        error = self.assert_refused(reply)
        self.assertEqual(error["code"], 1008)
        found = [(each["pointer"], each["rule"], each["index"]) for each in error["errors"]]
        self.assertEqual(found, [(pointer, rule, int(pointer.split("/")[2]))])
        problem: dict[str, Any] = error["errors"][0]
        return problem
