"""The web process's settings, and the chains of sizes and times that they have to keep."""

import re
import tempfile
import unittest
from pathlib import Path
from uuid import UUID

from app.checks import time_problems
from app.config import AppConfig
from app.logs import limits
from app.request_ids import new_request_id
from common.clock import SystemClock
from common.config import BadSettings, load
from tests.fakes.hand_clock import NOON, HandClock

GOOD = {
    "PLAYLOG_ENV": "local",
    "KAFKA_BOOTSTRAP": "127.0.0.1:9092",
    "REGION_DB_URL": "mysql://playlog_app@127.0.0.1:3306/playlog_region",
    "REGION_DB_PASSWORD": "p4ssword",
    "CLIENT_KEY_SECRET": "k" * 32,
    "CLIENT_SECRET_KEYS": "new:" + "ab" * 32 + ",old:" + "cd" * 32,
    "RECEIPT_SECRET": "r" * 32,
    "CLIENT_LIST_FILE": "/var/lib/playlog/clients.json",
    "RUNTIME_DIR": "/run/playlog",
}
NGINX = Path(__file__).parents[3] / "nginx.conf"


class ConfigTest(unittest.TestCase):
    def problems(self, **changes: str) -> str:
        with self.assertRaises(BadSettings) as bad:
            load(AppConfig, GOOD | changes)
        return str(bad.exception)

    def test_defaults_serve_two_workers(self) -> None:
        config = load(AppConfig, GOOD)
        self.assertEqual((config.bind, config.workers, config.threads), (("127.0.0.1", 8000), 2, 32))
        self.assertEqual(config.drain_file, Path("/run/playlog/draining"))

    def test_all_problems_are_named_at_once(self) -> None:
        said = self.problems(
            WEB_THREADS="4", WEB_WORKERS="0", DRAIN_SECONDS="600", CLIENT_LIST_FILE="here", RECEIPT_SECRET="x"
        )
        for name in ("WEB_THREADS", "WEB_WORKERS", "DRAIN_SECONDS", "CLIENT_LIST_FILE", "RECEIPT_SECRET"):
            self.assertIn(name, said)

    def test_plaintext_is_refused_outside_the_local_environment(self) -> None:
        self.assertIn("KAFKA_SECURITY_PROTOCOL", self.problems(PLAYLOG_ENV="production"))
        user = {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USERNAME": "app", "KAFKA_PASSWORD": "x"}
        with tempfile.NamedTemporaryFile(suffix=".pem") as ca:
            ca.write(b"-----BEGIN CERTIFICATE-----")
            ca.flush()
            said = self.problems(PLAYLOG_ENV="production", **user, KAFKA_CA=ca.name)
            self.assertIn("add ?ssl_ca=FILE to REGION_DB_URL", said)

    def test_a_link_that_is_half_closed_is_refused(self) -> None:
        user = {"KAFKA_USERNAME": "app", "KAFKA_PASSWORD": "x"}
        self.assertIn("over which nobody logs in", self.problems(**user))
        self.assertIn("set KAFKA_USERNAME", self.problems(KAFKA_SECURITY_PROTOCOL="SASL_SSL"))
        for ca, word in (("/nowhere/ca.pem", "can't be read"), ("/etc/passwd", "no certificate")):
            self.assertIn(word, self.problems(KAFKA_SECURITY_PROTOCOL="SASL_SSL", **user, KAFKA_CA=ca))
            self.assertIn(word, self.problems(REGION_DB_URL=f"mysql://u@h/s?ssl_ca={ca}"))
        self.assertIn("localhost", self.problems(REGION_DB_URL="mysql://u@localhost/s"))

    def test_no_secret_shows(self) -> None:
        shown = repr(load(AppConfig, GOOD))
        for secret in ("p4ssword", "k" * 32, "r" * 32):
            self.assertNotIn(secret, shown)


class ChainTest(unittest.TestCase):
    def test_inner_times_end_before_outer_ones(self) -> None:
        self.assertEqual(time_problems(10), [])
        self.assertEqual(time_problems(60), [])

    def test_a_drain_that_outlasts_the_task_is_named(self) -> None:
        self.assertIn("DRAIN_SECONDS", time_problems(90)[0])

    def test_nginx_refuses_the_same_size_and_waits_longer_than_we_do(self) -> None:
        conf = NGINX.read_text()
        (size,) = re.findall(r"client_max_body_size (\d+);", conf)
        (wait,) = re.findall(r"proxy_read_timeout (\d+)s;", conf)
        self.assertEqual(int(size), limits.MAX_BODY_BYTES)
        self.assertGreater(int(wait), limits.REPLY_DEADLINE_SECONDS)

    def test_the_largest_body_becomes_a_record_that_fits(self) -> None:
        self.assertGreater(limits.MAX_RECORD_BYTES, limits.MAX_BODY_BYTES)
        self.assertLess(limits.MAX_RECORD_BYTES, 2 * 1024 * 1024)


class RequestIdTest(unittest.TestCase):
    def test_it_is_a_uuid_of_version_7(self) -> None:
        found = new_request_id(HandClock())
        self.assertEqual((found.version, found.variant), (7, UUID(int=0x8 << 60).variant))
        self.assertEqual(found.int >> 80, int(NOON.timestamp() * 1000))

    def test_none_is_made_twice_and_later_ones_sort_behind(self) -> None:
        clock = HandClock()
        first = [new_request_id(clock) for _ in range(1_000)]
        clock.turn(0.001)
        self.assertEqual(len(set(first)), 1_000)
        self.assertGreater(new_request_id(clock), max(first))

    def test_the_machines_clock_will_do(self) -> None:
        self.assertEqual(new_request_id(SystemClock()).version, 7)
