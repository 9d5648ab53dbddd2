"""Days that don't add up, found on real tables."""

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Request
from tests.integration.report_schema import DAY

BEFORE = days_later(-1)


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
