"""What a usage file holds, to the byte: users, spreadsheets, moments."""

import csv
import gzip
import io
from datetime import UTC, datetime

from reports.usage import unguard
from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

NINE = on_the_day(9)


class UsageFile(ReportCase):
    def report_logs(self, *logs: Log, at: datetime = NINE) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.put(0, 0, Request(at, logs))
        self.day.cut(0, DAY, 1)
        self.assertEqual(self.report(), 0, self.err.getvalue() + self.out.getvalue())

    def test_users_that_only_a_collation_thinks_equal_are_three_listeners(self) -> None:
        self.report_logs(Log(b"u1"), Log(b"u1 "), Log(b"U1"))
        self.assertEqual(self.summary()[0]["listeners"], "3")
        self.assertEqual([row["user_id"] for row in self.usage()], ["u1", "u1 ", "U1"])

    def test_no_spreadsheet_runs_a_cell_and_the_rule_gives_every_text_back(self) -> None:  # G18
        texts = ["=1+2", "@SUM(1)", "+1", "-1+1", "\t=1", "\r=1", "'=1", "'", "plain", "a=1"]
        self.report_logs(*(Log(user_id=text.encode(), user_agent=text, log_id=b"-5") for text in texts))
        rows = self.usage()
        for row in rows:
            self.assertNotIn(row["user_agent"][:1], {"=", "+", "-", "@", "\t", "\r"})
        self.assertEqual([unguard(row["user_agent"]) for row in rows], texts)
        self.assertEqual([unguard(row["user_id"]) for row in rows], texts)
        self.assertEqual({unguard(row["log_id"]) for row in rows}, {"-5"})
        self.assertEqual({row["total_time_played"] for row in rows}, {"30"})

    def test_a_users_bytes_pass_through_even_when_they_are_no_text(self) -> None:
        self.report_logs(Log(b"\xff\xfe"), Log("\u2603".encode()))
        with gzip.open(self.root / DAY.isoformat() / "usage.acme.csv.gz") as opened:
            data = opened.read()
        self.assertIn(b",\xff\xfe,agent,", data)
        self.assertIn("\u2603".encode(), data)

    def test_cells_with_line_ends_and_quotes_read_back_as_they_were(self) -> None:
        agents = ['say "hi"', "a,b", "one\r\ntwo", "one\rtwo", "one\ntwo", "\U0001f3b5"]
        self.report_logs(*(Log(user_agent=agent) for agent in agents))
        self.assertEqual([row["user_agent"] for row in self.usage()], agents)

    def test_the_last_microsecond_of_a_day_stays_in_it(self) -> None:
        moment = datetime(2026, 11, 23, 23, 59, 59, 999_999, tzinfo=UTC)
        self.report_logs(Log(played_at=moment), at=on_the_day(23, 59, 999_999))
        row = self.usage()[0]
        self.assertEqual(row["played_at"], "2026-11-23T23:59:59.999999Z")
        self.assertEqual(row["received_at"], "2026-11-24T23:59:00.999999Z")

    def test_namibia_and_norway_are_countries(self) -> None:
        self.report_logs(Log(country="NA"), Log(country="NO"))
        self.assertEqual([row["country"] for row in self.summary()], ["NA", "NO"])

    def test_a_log_without_a_user_is_a_play_and_no_listener(self) -> None:
        self.report_logs(Log(None), Log(b"u1"))
        self.assertEqual([self.summary()[0][name] for name in ("plays", "listeners")], ["2", "1"])
        self.assertEqual(self.usage()[0]["user_id"], "")

    def test_the_files_are_made_of_crlf_lines(self) -> None:
        self.report_logs(Log())
        data = (self.root / DAY.isoformat() / "summary.csv").read_bytes()
        self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
        self.assertEqual(len(list(csv.reader(io.StringIO(data.decode())))), 2)
