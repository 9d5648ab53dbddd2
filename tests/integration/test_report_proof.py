"""Which days are final, which are provisional, and which don't add up: judged on real tables."""

from datetime import UTC, datetime, timedelta

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import DayWriter, Log, Request
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
        self.assertIn("2026-11-24 has not ended (it is 2026-11-24 23:59 UTC)", self.out.getvalue())

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


class Losses(ReportCase):
    def test_a_declared_gap_makes_the_day_final_with_loss(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.day.lose(0, 1, 51, on_the_day(15), "retention was too short")
        self.day.put(0, 51, Request(on_the_day(16)))
        self.day.cut(0, DAY, 52)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        manifest = self.manifest()
        self.assertEqual(manifest["state"], "final-with-loss")
        loss = manifest["proof"]["losses"][0]
        self.assertEqual((loss["from_offset"], loss["to_offset"], loss["records"]), (1, 51, 50))
        self.assertEqual((loss["reason"], loss["operator"]), ("retention was too short", "ada"))
        balance = manifest["proof"]["balance"]
        self.assertEqual(balance, {"records": 52, "request_rows": 2, "lost": 50, "difference": 0})
        self.assertEqual(self.recorded(), [(DAY, 1, "final-with-loss", 2)])
        self.assertIn("lost: 50 records from offset 1 of partition 0", self.out.getvalue())

    def test_an_adopted_topic_closes_the_old_books_and_the_loss_is_said(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.day.lose(0, 1, None, on_the_day(12), "made again")
        self.day.cut(0, DAY, 1, "adopted")
        new = DayWriter(self.connection, "BBBBBBBBBBBBBBBBBBBBBB")
        new.cut(0, BEFORE, 0, "start")
        new.put(0, 0, Request(on_the_day(13)), Request(on_the_day(14)))
        new.cut(0, DAY, 2, "quiet")
        new.cut(0, AFTER, 2, "quiet")
        self.kafka = self.kafka_with(2, topic_id="BBBBBBBBBBBBBBBBBBBBBB")
        self.clock.turn(86_400)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        manifest = self.manifest()
        self.assertEqual(manifest["state"], "final-with-loss")
        self.assertEqual([each["cut"] for each in manifest["proof"]["partitions"]], ["adopted", "quiet"])
        self.assertEqual(len(self.usage()), 3)
        self.assertIn("lost: an unknown number of records from offset 1", self.out.getvalue())
        self.assertEqual(self.report(AFTER), 0, self.out.getvalue())
        after = self.manifest(AFTER.isoformat())
        self.assertEqual((after["state"], len(after["proof"]["partitions"])), ("final", 1))

    def test_a_topic_made_again_and_not_adopted_is_provisional(self) -> None:
        self.day.quiet(0, DAY)
        self.kafka = self.kafka_with(0, topic_id="BBBBBBBBBBBBBBBBBBBBBB")
        self.assertEqual(self.report(), 75)
        self.assertIn("the topic was made again", self.out.getvalue())


class Imbalances(ReportCase):
    def write_day(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)), Request(on_the_day(10)))
        self.day.cut(0, DAY, 2)

    def change(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            self.assertEqual(cursor.execute(sql), 1)
        self.connection.commit()

    def assert_fails(self, sentence: str) -> None:
        self.assertEqual(self.report(provisional=True), 1)
        self.assertIn(sentence, self.out.getvalue())
        self.assertIn("does not balance", self.err.getvalue())
        self.assertEqual(list(self.root.iterdir()), [])

    def test_a_record_without_its_row_is_found(self) -> None:
        self.write_day()
        self.change("DELETE FROM request WHERE kafka_offset = 0")
        self.assert_fails("2 records from offset 0 to 2, but 1 request rows and 0 declared lost")

    def test_a_stored_log_without_its_row_is_found(self) -> None:
        self.write_day()
        self.change("DELETE FROM play_log LIMIT 1")
        self.assert_fails("client acme, stream preview: 2 logs stored by the request rows, but 1 in play_log")

    def test_a_row_too_many_is_found(self) -> None:
        self.write_day()
        self.change("INSERT INTO play_log SELECT received_day, request_id, 400, 'bolt', stream, is_test, received_at,"
                    " played_at, user_id, country, track_id, release_id, format_id, total_time_played, play_mode,"
                    " play_type, end_reason, user_agent, log_id, is_id_conflict FROM play_log LIMIT 1")  # fmt: skip
        self.assert_fails("client bolt, stream preview: 0 logs stored by the request rows, but 1 in play_log")

    def test_a_request_that_says_another_day_is_found(self) -> None:
        self.write_day()
        self.change(f"UPDATE request SET received_day = '{BEFORE}' WHERE kafka_offset = 1")
        self.assert_fails("1 requests say this day, but 2 lie within its offsets")

    def test_an_open_day_must_balance_too(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.day.stand(0, 2)
        self.assert_fails("2 records from offset 0 to 2, but 1 request rows")

    def test_unreadable_records_are_records_and_no_logs(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9), [], client=None, stream=None, outcome="unreadable"))
        self.day.cut(0, DAY, 1)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        self.assertEqual((self.manifest()["unreadable_records"], self.manifest()["totals"]), (1, []))
        self.assertIn("unreadable records: 1", self.out.getvalue())


class AlreadyHandedOver(ReportCase):
    def test_a_final_day_that_can_no_longer_be_proved_is_an_error(self) -> None:
        self.day.quiet(0, DAY)
        self.assertEqual(self.report(), 0)
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM day_cut WHERE day = %s", (DAY,))
        self.connection.commit()
        self.assertEqual(self.report(), 1)
        self.assertIn("partition 0 has no cut", self.err.getvalue())
