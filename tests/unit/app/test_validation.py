"""The two validators agree, on inputs made by chance too; and when they don't, it is a 500 that keeps nothing."""

import json
import random
import unittest
from typing import Any

from app.errors import ApiError, Problem
from app.logs.canonical import Canonical
from app.logs.intake import Intake
from app.logs.stream import read_streams
from app.logs.times import INSTANT, Window, window_at
from app.logs.validation import Validation
from tests.fakes.hand_clock import NOON, HandClock
from tests.recorded_metrics import RecordedMetrics

GOOD = {
    "id": "x-1",
    "userId": "listener-1",
    "country": "GB",
    "trackId": 123456,
    "dateTimePlayed": "2026-03-10T11:00:00.123Z",
    "totalTimePlayed": 31,
    "userAgent": "DemoPlayer/1.0",
    "playMode": "online",
    "playType": "view",
}
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 1e300, 2**31 - 1, 2**31, 2**63, 86_400, 86_401),
    *("", " ", "0", "1", "00", "1\n", "٣", "²", "9" * 20, "9" * 21, "GB", "gb", "GB\n", "UK", "G", "GBR"),
    *("online", "online\n", "view", "x" * 64, "x" * 65, "x" * 255, "x" * 256, "\U0001f3b5" * 255, "\U0001f3b5" * 256),
    *("\x7f", "~", "2026-03-10T11:00:00Z", "2026-03-10T11:00:00Z\n", "2026-03-10T11:00:00", "2026-02-30T11:00:00Z"),
    *("2025-03-10T11:00:00Z", "0001-01-01T00:00:00+14:00", "2026-03-10T11:00:00.1234567+02:00"),
    *([], [1], {}, {"a": 1}, "\u2028", "\ud7ff", "\ufffe"),
)


class AgreementTest(unittest.TestCase):
    def setUp(self) -> None:
        (self.stream,) = read_streams()
        self.validation = Validation(self.stream)
        self.canonical = Canonical(self.stream.item_schema)
        self.window = window_at(NOON)

    def assert_agree(self, document: Any) -> None:
        """The fast side takes it exactly when the explaining side finds nothing."""
        problems = self.validation.problems(document, self.window)
        taken = self.validation.has_right_shape(document) and self.canonical.make(
            json.loads(json.dumps(document["logs"])), self.window
        )
        self.assertEqual(taken, not problems, (document, problems))

    def test_on_every_odd_value_in_every_field(self) -> None:
        for name in (*GOOD, "unknown"):
            for value in ODD:
                self.assert_agree({"logs": [GOOD, GOOD | {name: value}]})

    def test_on_every_odd_value_in_place_of_a_log_of_the_list_and_of_the_body(self) -> None:
        for value in ODD:
            self.assert_agree({"logs": [GOOD, value]})
            self.assert_agree({"logs": value})
            self.assert_agree(value)

    def test_on_logs_made_by_chance(self) -> None:
        rng = random.Random(20260310)
        for _ in range(400):
            log: dict[str, Any] = dict(GOOD)
            for name in rng.sample(list(GOOD), rng.randint(0, 3)):
                if rng.random() < 0.3:
                    del log[name]
                else:
                    log[name] = rng.choice(ODD)
            self.assert_agree({"logs": [log] * rng.randint(1, 2)})

    def test_the_explaining_side_reports_a_place_once(self) -> None:
        for value in ODD:
            problems = self.validation.problems({"logs": [GOOD | {"playMode": value}]}, self.window)
            self.assertLessEqual(len(problems), 1)


class SchemaTest(unittest.TestCase):
    def test_every_field_says_its_kind_and_describes_itself(self) -> None:
        for stream in read_streams():
            for name, field in stream.item_schema["properties"].items():
                self.assertIn("kind", field, name)
                self.assertIn("description", field, name)

    def test_instants_have_one_shape(self) -> None:
        for stream in read_streams():
            for field in stream.item_schema["properties"].values():
                if field["kind"] == "instant":
                    self.assertEqual(field["pattern"], INSTANT)


class Undecided(Validation):
    """Refuses everything and finds nothing wrong with it."""

    def has_right_shape(self, document: Any) -> bool:
        return False

    def problems(self, document: Any, window: Window) -> list[Problem]:
        return []


class DisagreementTest(unittest.TestCase):
    def test_it_is_500_with_a_metric_and_keeps_nothing(self) -> None:
        (stream,) = read_streams()
        metrics = RecordedMetrics()
        intake = Intake(stream, Undecided(stream), HandClock(), metrics)
        with self.assertRaises(ApiError) as refused, self.assertLogs("app.logs.intake", "ERROR"):
            intake.read(json.dumps({"logs": [GOOD]}).encode())
        error = refused.exception
        self.assertEqual((error.status, error.code, error.headers["X-Kept"]), (500, 9001, "no"))
        self.assertEqual(metrics.total("logs.validators_disagree", "stream:preview"), 1)
