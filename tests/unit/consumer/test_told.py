"""Whoever looks for a request finds, in the persister's log, what became of one that wasn't stored whole."""

import json
import logging
import unittest
from dataclasses import replace
from typing import Any

from common.log_lines import JsonLines
from common.metrics import NoMetrics
from consumer.booking import Position
from consumer.flush import Flushed, Moved, Tally
from consumer.measures import MOST_TOLD, tell_flushed, tell_moved
from consumer.partition import Partition
from consumer.play_logs.decode import Entry, entries_of
from consumer.play_logs.repeats import Seen, mark_repeats
from consumer.play_logs.told import told_of
from tests.fakes.play_requests import booked, log, request
from tests.recorded_metrics import RecordedMetrics

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def entries() -> list[Entry]:
    """One stored whole; a repeat of it, with a trace; one with a dead log; one that can't be read."""
    whole = request(log(), key="k")
    repeat = replace(request(log(), key="k"), traceparent=TRACE)
    found = entries_of([booked(number, each) for number, each in enumerate((whole, repeat, request(log())))])
    found += entries_of([replace(booked(3, whole), value=b"strange")])
    mark_repeats(found, Seen())
    found[2].dead_items[0] = "the database refuses it"
    return found


class ToldTest(unittest.TestCase):
    def lines(self, tally: Tally, level: str = "INFO") -> list[dict[str, Any]]:
        with self.assertLogs("consumer.measures", level) as logs:
            tell_flushed(Partition(4), Flushed(Position("id", 6), tally, 0.01), NoMetrics())
        return [json.loads(JsonLines().format(each)) for each in logs.records]

    def test_what_was_not_stored_whole_is_told_by_offset_request_id_and_trace(self) -> None:
        given = entries()
        summary, *told = self.lines(Tally(records=4, told=tuple(told_of(given, all_of_them=False))))
        self.assertEqual(summary["records"], 4)
        self.assertEqual(
            [(each["offset"], each["outcome"], each["duplicate"], each["dead"], each["level"]) for each in told],
            [
                (1, "duplicate_key", 1, 0, "INFO"),
                (2, "stored", 0, 1, "WARNING"),
                (3, "unreadable", 0, 0, "WARNING"),
            ],
        )
        assert given[1].request is not None
        self.assertEqual((told[0]["request_id"], told[0]["traceparent"]), (str(given[1].request.request_id), TRACE))
        self.assertEqual((told[2]["request_id"], told[2]["partition_no"]), (None, 4))

    def test_a_flood_is_cut_but_its_number_is_told_and_debug_tells_all(self) -> None:
        told = tuple(told_of(entries(), all_of_them=True)) * 10
        tally = Tally(records=len(told), told=told)
        self.assertEqual(len(self.lines(tally)), 1 + MOST_TOLD)
        self.assertEqual(len(self.lines(tally, level="DEBUG")), 1 + len(told))

    def test_a_partition_that_was_moved_by_another_is_told_and_counted_by_its_cause(self) -> None:
        for cause, level in (("stored", "WARNING"), ("ahead", "WARNING"), ("behind", "ERROR")):
            metrics = RecordedMetrics()
            with self.assertLogs("consumer.measures") as logs:
                tell_moved(Partition(4), Moved(Position("id", 6), cause), metrics)
            self.assertEqual([(each.levelname, each.next_offset) for each in logs.records], [(level, 6)])  # type: ignore[attr-defined]
            self.assertEqual(metrics.total("persister.fenced", f"cause:{cause}"), 1)

    def test_no_line_holds_a_listener_or_a_track(self) -> None:
        given = entries()
        with self.assertLogs("consumer.measures", logging.DEBUG) as logs:
            tally = Tally(told=tuple(told_of(given, all_of_them=True)))
            tell_flushed(Partition(4), Flushed(Position("id", 6), tally, 0.01), NoMetrics())
        for each in logs.records:
            self.assertNotRegex(JsonLines().format(each), "listener-1|123456|DemoPlayer")
