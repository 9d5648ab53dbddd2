"""report.html says what the files say, of everything but the listeners."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

#: Five days before the day; what isn't given was played four before.
PLAYED = datetime(2026, 11, 19, 23, tzinfo=UTC)
REPLAY = """
INSERT INTO replay (dead_letter_id, replayed_day, first_day, request_id, item, client, stream, is_test, n_items,
  n_stored, n_duplicate, operator, replayed_at) VALUES
  (%s, %s, %s, %s, 0, 'acme', 'preview', 0, %s, %s, 0, 'op', NOW(6))"""


class PageTest(ReportCase):
    def write_day(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        many = [Log(track_id=number, country="NO" if number % 3 else "GB", seconds=number) for number in range(1, 41)]
        names = [Log(b"secret-listener", user_agent="secret-agent", played_at=PLAYED), Log(b"u2", played_at=PLAYED)]
        requests = Request(on_the_day(0), many), Request(on_the_day(23, 59), names, client="b<b>&", dead=1)
        end = self.day.put(0, 0, *requests, Request(on_the_day(11), client="smoke", is_test=True))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)

    def test_its_sums_are_those_of_the_files(self) -> None:
        self.write_day()
        self.assertEqual(self.report(), 0, self.err.getvalue() + self.out.getvalue())
        summary = self.summary()
        totals = {row[0]: int(row[1]) for row in self.table("totals")}
        self.assertEqual(totals["plays"], sum(int(row["plays"]) for row in summary))
        self.assertEqual(totals["seconds played"], sum(int(row["seconds"]) for row in summary))
        self.assertEqual(totals["plays of at least 30 s"], sum(int(row["plays_30s"]) for row in summary))
        usage = self.usage("acme") + self.usage("b%3Cb%3E%26")
        self.assertEqual(totals["listeners"], len({(row["client"], row["user_id"]) for row in usage}))
        for name, column in (("countries", "country"), ("modes", "play_mode")):
            shown = {row[0]: int(row[1]) for row in self.table(name)}
            self.assertEqual(shown, {key: sum(row[column] == key for row in usage) for key in shown})
            self.assertEqual(sum(shown.values()), len(usage))
        hours = {row[0]: int(row[1]) for row in self.table("hours")}
        self.assertEqual((len(hours), hours["0"], hours["23"], sum(hours.values())), (24, 40, 2, 42))
        clients = {(row[0], row[1]): int(row[2]) for row in self.table("clients")}
        self.assertEqual(clients, {("acme", "preview"): 40, ("b<b>&", "preview"): 2})
        self.assertEqual(len(self.table("tracks")), 20)
        played = {row[0]: (row[1], row[2]) for row in self.table("played")}
        self.assertEqual(played, {PLAYED.date().isoformat(): ("5", "2"), "2026-11-20": ("4", "40")})

    def test_it_proves_the_day_and_names_no_listener(self) -> None:
        self.write_day()
        self.report()
        page = self.bytes_of()["report.html"].decode()
        self.assertIn("every record that Kafka took for this day is accounted for", page)
        self.assertEqual(self.table("partitions")[0][2:7], ["0", "3", "3", "3", "0"])
        accounts = {row[0]: row[1:] for row in self.table("accounts")}
        self.assertEqual(accounts["b<b>&"], ["preview", "3", "2", "0", "1", "0", "0"])
        self.assertIn("smoke (test)", accounts)
        self.assertNotIn("secret", page)
        self.assertNotIn("<script", page)
        self.assertNotIn("http", page.replace("http-equiv", ""))

    def test_a_provisional_page_says_why(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.assertEqual(self.report(provisional=True), 75)
        page = (self.root / f"{DAY}.provisional" / "report.html").read_text()
        self.assertIn("not proved yet", page)
        self.assertIn(f"partition 0 has no cut of {DAY}", page)


class LateAndReplayed(ReportCase):
    def test_late_logs_are_counted_by_the_day_they_were_played(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        late = [Log(played_at=on_the_day(1) - timedelta(days=days)) for days in (0, 0, 3, 60)]
        self.day.cut(0, DAY, self.day.put(0, 0, Request(on_the_day(9), late)))
        self.assertEqual(self.report(), 0, self.err.getvalue())
        days = {days_later(-number).isoformat(): count for number, count in ((60, 1), (3, 1), (0, 2))}
        self.assertEqual(self.manifest()["played_days"], days)

    def test_a_replayed_dead_letter_balances_on_the_day_of_its_replay_and_names_its_first(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.cut(0, DAY, self.day.put(0, 0, Request(on_the_day(9), [Log()])))
        with self.connection.cursor() as cursor:
            cursor.execute(REPLAY, (1, DAY, days_later(-9), uuid4().bytes, 1, 1))
        self.connection.commit()
        self.assertEqual(self.report(), 1)
        self.assertIn("and 1 by replays, but 1 in play_log", self.out.getvalue())
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO play_log SELECT received_day, %s, item, client, stream, is_test, received_at, played_at,"
                " user_id, country, track_id, release_id, format_id, total_time_played, play_mode, play_type,"
                " end_reason, user_agent, log_id, is_id_conflict FROM play_log",
                (uuid4().bytes,),
            )
        self.connection.commit()
        self.assertEqual(self.report(), 0, self.out.getvalue())
        (replay,) = self.manifest()["replays"]
        self.assertEqual((replay["first_day"], replay["stored"]), (days_later(-9).isoformat(), 1))
        (acme,) = self.manifest()["totals"]
        self.assertEqual((acme["stored"], acme["replayed"], acme["rows_written"], acme["balance"]), (1, 1, 2, 0))
        self.assertIn("replayed", self.out.getvalue())
