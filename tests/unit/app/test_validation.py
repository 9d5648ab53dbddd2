"""The two validators agree, on inputs made by chance too; and when they don't, it is a 500 that keeps nothing."""

import json
import unittest
from typing import Any

from hypothesis import given, settings
from hypothesis.strategies import (
    DataObject,
    SearchStrategy,
    booleans,
    data,
    dictionaries,
    floats,
    from_regex,
    integers,
    lists,
    none,
    one_of,
    recursive,
    sampled_from,
    sets,
    text,
)

from app.errors import ApiError, Problem
from app.logs.canonical import Canonical
from app.logs.intake import Intake
from app.logs.stream import Stream, read_streams
from app.logs.times import INSTANT, Window, window_at
from app.logs.validation import Validation
from tests.fakes.hand_clock import NOON, HandClock
from tests.fakes.stream_logs import GOOD
from tests.recorded_metrics import RecordedMetrics

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 1e300, 2**31 - 1, 2**31, 2**63, 86_400, 86_401),
    *("", " ", "0", "1", "00", "1\n", "٣", "²", "9" * 20, "9" * 21, "GB", "gb", "GB\n", "UK", "G", "GBR"),
    *("online", "online\n", "view", "x" * 64, "x" * 65, "x" * 255, "x" * 256, "\U0001f3b5" * 255, "\U0001f3b5" * 256),
    *("\x7f", "~", "2026-03-10T11:00:00Z", "2026-03-10T11:00:00Z\n", "2026-03-10T11:00:00", "2026-02-30T11:00:00Z"),
    *("2025-03-10T11:00:00Z", "0001-01-01T00:00:00+14:00", "2026-03-10T11:00:00.1234567+02:00"),
    *([], [1], {}, {"a": 1}, "\u2028", "\ud7ff", "\ufffe"),
)


NAMES = sorted({name for good in GOOD.values() for name in good} | {"logs", "playLogItem"})
Sides = tuple[Stream, Validation, Canonical]

#: Texts as they can come out of the parser: no NUL, no half of a pair.
TEXTS = text().filter(lambda value: "\x00" not in value)
JSON_VALUES = recursive(
    one_of(none(), booleans(), integers(-(2**63), 2**64 - 1), floats(allow_nan=False, allow_infinity=False), TEXTS),
    lambda inner: one_of(lists(inner, max_size=3), dictionaries(one_of(TEXTS, sampled_from(NAMES)), inner, max_size=4)),
    max_leaves=8,
)
NEAR = {
    "country": from_regex(r"\A[A-Za-z]{1,3}\n?\Z"),
    "dateTimePlayed": from_regex(INSTANT.replace("$", "\\n?\\Z")),
    "trackId": from_regex(r"\A[0-9]{1,22}\n?\Z"),
    "id": from_regex(r"\A[!-~]{0,66}\n?\Z"),
}


def near(name: str) -> SearchStrategy[object]:
    """Values that are right for a field, or nearly so."""
    return NEAR.get(name, integers(-1, 90_000))


class AgreementTest(unittest.TestCase):
    """Of every stream: the fast side takes a document exactly when the explaining side finds nothing."""

    def setUp(self) -> None:
        self.streams = [(stream, Validation(stream), Canonical(stream.item_schema)) for stream in read_streams()]
        self.window = window_at(NOON)

    def assert_agree(self, sides: Sides, document: Any) -> bool:
        """The two sides agree; returns whether they take it."""
        stream, validation, canonical = sides
        problems = validation.problems(document, self.window)
        taken = validation.has_right_shape(document) and canonical.make(
            json.loads(json.dumps(document[stream.envelope])), self.window
        )
        self.assertEqual(taken, not problems, (document, problems))
        places = [problem.pointer for problem in problems]
        self.assertEqual(len(places), len(set(places)), "a place is reported once")
        return taken

    def test_on_every_odd_value_in_every_field(self) -> None:
        for sides in self.streams:
            good, envelope = GOOD[sides[0].name], sides[0].envelope
            for name in (*good, "unknown"):
                for value in ODD:
                    self.assert_agree(sides, {envelope: [good, good | {name: value}]})

    def test_on_every_odd_value_in_place_of_a_log_of_the_list_and_of_the_body(self) -> None:
        for sides in self.streams:
            good, envelope = GOOD[sides[0].name], sides[0].envelope
            for value in ODD:
                self.assert_agree(sides, {envelope: [good, value]})
                self.assert_agree(sides, {envelope: value})
                self.assert_agree(sides, value)

    def test_on_a_good_log_of_each_stream(self) -> None:
        for sides in self.streams:
            self.assertTrue(self.assert_agree(sides, {sides[0].envelope: [GOOD[sides[0].name]]}))

    @settings(max_examples=300, derandomize=True, deadline=None, database=None)
    @given(data())
    def test_on_logs_made_by_chance(self, chance: DataObject) -> None:
        sides = chance.draw(sampled_from(self.streams))
        good = GOOD[sides[0].name]
        for name in chance.draw(sets(sampled_from(sorted(good)), max_size=3)):
            if chance.draw(booleans()):
                good = good | {name: chance.draw(one_of(sampled_from(ODD), near(name), JSON_VALUES))}
            else:
                good = {key: value for key, value in good.items() if key != name}
        self.assert_agree(sides, {sides[0].envelope: [good] * chance.draw(integers(1, 2))})

    @settings(max_examples=200, derandomize=True, deadline=None, database=None)
    @given(JSON_VALUES)
    def test_on_documents_made_by_chance(self, document: Any) -> None:
        for sides in self.streams:
            self.assert_agree(sides, document)
            self.assert_agree(sides, {sides[0].envelope: document})
            self.assert_agree(sides, {sides[0].envelope: [document]})


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
        stream = read_streams()[0]
        metrics = RecordedMetrics()
        intake = Intake(stream, Undecided(stream), HandClock(), metrics)
        with self.assertRaises(ApiError) as refused, self.assertLogs("app.logs.intake", "ERROR"):
            intake.read(json.dumps({"logs": [GOOD["preview"]]}).encode(), {})
        error = refused.exception
        self.assertEqual((error.status, error.code, error.headers["X-Kept"]), (500, 9001, "no"))
        self.assertEqual(metrics.total("logs.validators_disagree", "stream:preview"), 1)
