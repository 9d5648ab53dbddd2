"""What status says of the data centre: every reason to look, and the sums over the persisters that live."""

import json
import unittest
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reports.proof import KafkaView
from reports.status.facts import Day, Facts, Partition, Persister
from reports.status.judgement import judge
from reports.status.pages import document_of, lines_of

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
GOOD = Persister("host:1", NOW.replace(tzinfo=None), 4.0, 100.0, 10.0, 0.005, 0.02, 0, 0.0, 0.0, "[]")


def final(day: date) -> Day:
    return Day(day, 1, "final", "none", 0, 2)


def opened(day: date) -> Day:
    return Day(day, None, "open" if day == TODAY else "not final", "none", 0, 0)


WELL = Facts(
    persisters=[GOOD],
    partitions=[Partition("id", number, 7, TODAY, 0) for number in (0, 1)],
    days=[final(YESTERDAY), opened(TODAY)],
    dead_letters=[],
    gaps=[],
    days_ahead=14,
    kafka=KafkaView("id", 2, {0: 7, 1: 7}),
)


class JudgementTest(unittest.TestCase):
    def assert_looks(self, facts: Facts, *words: str, now: datetime = NOW) -> None:
        found = judge(facts, now)
        self.assertEqual(len(found), len(words), found)
        for said, word in zip(found, words, strict=True):
            self.assertIn(word, said)

    def test_when_all_is_well_there_is_nothing_to_look_at(self) -> None:
        self.assert_looks(WELL)
        self.assertEqual(lines_of(WELL, [], NOW)[0], "all is well")

    def test_a_persister_that_is_not_heard_of(self) -> None:
        stale = replace(GOOD, name="host:2", seen_seconds_ago=61.0)
        self.assert_looks(replace(WELL, persisters=[]), "no persister")
        self.assert_looks(replace(WELL, persisters=[stale]), "no persister")
        self.assert_looks(replace(WELL, persisters=[GOOD, stale]), "persister host:2 was last heard of 61 s ago")

    def test_a_partition_that_waits_is_held_or_was_never_read(self) -> None:
        about = json.dumps([{"partition": 0, "trouble": "error 1205"}, {"partition": 1, "held": "too many"}])
        troubled = replace(WELL, persisters=[replace(GOOD, partitions_json=about)])
        self.assert_looks(troubled, "partition 0 waits: error 1205", "partition 1 is held: too many")
        self.assert_looks(replace(WELL, kafka=KafkaView("id", 3, {})), "partition 2 was never read")
        self.assert_looks(replace(WELL, kafka=KafkaView("other", 2, {})), "adopt-topic")

    def test_a_backlog_that_does_not_shrink(self) -> None:
        growing = replace(GOOD, lag_records=5, lag_seconds=601.0, backlog_end_seconds=None)
        self.assert_looks(replace(WELL, persisters=[growing]), "doesn't shrink")
        self.assert_looks(replace(WELL, persisters=[replace(growing, lag_seconds=599.0)]))
        self.assert_looks(replace(WELL, persisters=[replace(growing, backlog_end_seconds=9.0)]))

    def test_a_report_that_is_late_and_a_hook_that_fails(self) -> None:
        late = replace(WELL, days=[opened(YESTERDAY), opened(TODAY)])
        self.assert_looks(late, f"the report of {YESTERDAY} isn't final")
        self.assert_looks(late, now=NOW.replace(hour=5))
        earlier = replace(WELL, days=[opened(YESTERDAY - timedelta(days=1)), final(YESTERDAY)])
        self.assert_looks(earlier, "isn't final", now=NOW.replace(hour=0))
        hook = Day(YESTERDAY, 1, "final", "waiting", 4, 2)
        self.assert_looks(replace(WELL, days=[hook]), "REPORT_HOOK has failed 4 times")
        self.assert_looks(replace(WELL, days=[replace(hook, hook_tries=3)]))

    def test_open_dead_letters_and_days_that_run_out(self) -> None:
        self.assert_looks(replace(WELL, dead_letters=[("acme", 3, 17), (None, 1, 18)]), "4 dead letters are open")
        self.assert_looks(replace(WELL, days_ahead=3), "days for 3 days more")
        self.assert_looks(replace(WELL, days_ahead=None))


class PagesTest(unittest.TestCase):
    def test_the_backlog_ends_with_the_slowest_persister_and_is_unknown_while_one_cannot_say(self) -> None:
        two = replace(
            WELL, persisters=[replace(GOOD, backlog_end_seconds=10.0), replace(GOOD, backlog_end_seconds=90.0)]
        )
        self.assertEqual(document_of(two, [], NOW)["backlog_end_seconds"], 90.0)
        self.assertIn("stored by 07:01:30 UTC", "\n".join(lines_of(two, [], NOW)))
        growing = replace(two, persisters=[*two.persisters, replace(GOOD, backlog_end_seconds=None)])
        self.assertIsNone(document_of(growing, [], NOW)["backlog_end_seconds"])

    def test_a_lag_that_kafka_does_not_tell_is_unknown_and_not_nought(self) -> None:
        away = replace(WELL, kafka="away", partitions=[Partition("id", 0, 7, TODAY, None)])
        self.assertIsNone(document_of(away, [], NOW)["lag_records"])
        self.assertIn("still in Kafka: unknown", lines_of(away, [], NOW)[3])

    def test_rates_are_sums_over_those_that_live(self) -> None:
        dead = replace(GOOD, seen_seconds_ago=900.0)
        self.assertEqual(document_of(replace(WELL, persisters=[GOOD, GOOD, dead]), [], NOW)["rows_per_second"], 200.0)
