"""Which days are final and which are provisional: judged on real tables."""

from datetime import UTC, datetime, timedelta

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

BEFORE, AFTER = days_later(-1), days_later(1)
PROVISIONAL = f"{DAY}.provisional"


class NotFinalYet(ReportCase):
    def write_open_day(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)), Request(on_the_day(10)))
        self.kafka = self.kafka_with(5)

    def test_a_partition_without_a_cut_is_provisional_and_writes_nothing(self) -> None:
        self.write_open_day()
        self.assertEqual(self.report(), 75)
        self.assertIn(
            "partition 0 has no cut of 2026-11-24: it is stored up to offset 2, 3 records", self.out.getvalue()
        )
        self.assertEqual(list(self.root.iterdir()), [])
        self.assertEqual(self.recorded(), [])

    def test_when_asked_for_it_writes_what_is_there_and_still_exits_75(self) -> None:
        self.write_open_day()
        self.assertEqual(self.report(provisional=True), 75)
        manifest = self.manifest(PROVISIONAL)
        self.assertEqual((manifest["state"], manifest["revision"]), ("provisional", None))
        self.assertEqual(manifest["still_in_kafka"], {"0": 3})
        self.assertEqual(manifest["proof"]["partitions"][0]["to_offset"], 2)
        self.assertEqual(len(self.usage(folder=PROVISIONAL)), 2)
        self.assertTrue((self.root / PROVISIONAL / "_SUCCESS").exists())
        self.assertFalse((self.root / DAY.isoformat()).exists())
        self.assertEqual(self.recorded(), [])

    def test_a_provisional_report_is_replaced_by_the_next_one(self) -> None:
        self.write_open_day()
        self.report(provisional=True)
        self.day.put(0, 2, Request(on_the_day(11), client="bolt"))
        self.report(provisional=True)
        self.assertEqual(len(self.usage("bolt", PROVISIONAL)), 1)
        self.assertEqual(self.manifest(PROVISIONAL)["proof"]["balance"]["records"], 3)

    def test_a_day_that_has_not_ended_is_provisional(self) -> None:
        self.day.quiet(0, DAY)
        self.clock.turn(-6 * 3600 - 1)
        self.assertEqual(self.report(), 75)
        self.assertIn("2026-11-24 has not ended: that is at 2026-11-25 00:00 UTC", self.out.getvalue())

    def test_without_kafka_nobody_knows_the_partitions(self) -> None:
        self.day.quiet(0, DAY)
        self.kafka.is_reachable = False
        self.assertEqual(self.report(provisional=True), 75)
        self.assertIn("Kafka could not be asked for the topic's partitions: no answer in time", self.out.getvalue())
        self.assertIn("still in Kafka: unknown", self.out.getvalue())
        self.assertIsNone(self.manifest(PROVISIONAL)["still_in_kafka"])

    def test_partitions_added_during_the_day_must_be_begun_before_it_is_final(self) -> None:
        for number in (0, 1, 2):
            self.day.quiet(number, DAY)
        self.kafka = self.kafka_with(0, 0, 0, 1, 0, 0)
        self.assertEqual(self.report(), 75)
        self.assertIn("partition 5 has no cut: the persister has not begun it", self.out.getvalue())
        self.day.cut(3, BEFORE, 0, "start")
        self.day.put(3, 0, Request(on_the_day(23)))
        self.day.cut(3, DAY, 1, "quiet")
        for number in (4, 5):
            self.day.quiet(number, DAY)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        self.assertEqual(len(self.manifest()["proof"]["partitions"]), 6)
        self.assertEqual(len(self.usage()), 1)

    def test_a_persister_that_is_days_behind_has_nothing_of_the_day_yet(self) -> None:
        self.day.cut(0, days_later(-3), 0, "start")
        self.day.put(0, 0, Request(on_the_day() - timedelta(days=2)))
        self.assertEqual(self.report(provisional=True), 75)
        self.assertEqual(self.usage_rows(), 0)

    def usage_rows(self) -> int:
        return sum(each["rows"] for each in self.manifest(PROVISIONAL)["files"].values())


class Edges(ReportCase):
    def test_a_row_behind_the_edge_after_a_clock_step_counts_on_its_booked_day(self) -> None:
        # The append times of one partition went back over midnight; what was booked never does.
        late = datetime(2026, 11, 25, 0, 0, 1, tzinfo=UTC)
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(
            0,
            0,
            Request(on_the_day(23), [Log(track_id=1)]),
            Request(late, [Log(track_id=2)]),
            Request(late, [Log(track_id=3)], appended_at=on_the_day(23, 59)),
        )
        self.day.cut(0, DAY, 1)
        self.day.cut(0, AFTER, 3, "quiet")
        self.clock.turn(86_400)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        self.assertEqual([row["track_id"] for row in self.usage()], ["1"])
        self.assertEqual(self.report(AFTER), 0, self.out.getvalue())
        self.assertEqual({row["track_id"] for row in self.usage(folder=AFTER.isoformat())}, {"2", "3"})

    def test_a_day_before_the_books_began_is_empty_and_final(self) -> None:
        self.day.quiet(0, DAY)
        self.assertEqual(self.report(days_later(-5)), 0, self.out.getvalue())
