"""Writes usage rows, and guards text against spreadsheets."""

import csv
import io
import tempfile
import unittest
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.usage import COLUMNS, ERRORS, LINE_END, UsageFiles, file_name, guard, read_usage, unguard, uuid_text
from tests.fakes.play_rows import MIDDLE, REQUEST, play_row

TEXTS = st.one_of(st.binary(max_size=12), st.text(alphabet="=+-@'\"\t\r\n,a é🎵", max_size=12).map(str.encode))


def by_the_library(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=LINE_END).writerow(cells)
    return out.getvalue().encode("utf-8", ERRORS)


class Guard(unittest.TestCase):
    def test_the_rule_is_undone_by_removing_one_quote(self) -> None:
        for text in ("=1+2", "@SUM(1)", "+1", "-5", "\t=1", "\r", "'", "''=1", "", "plain", "a=1", " =1"):
            self.assertEqual(unguard(guard(text)), text)
            self.assertNotIn(guard(text)[:1], {"=", "+", "-", "@", "\t", "\r"})


class Files(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_each_client_has_a_file_and_numbers_are_never_guarded(self) -> None:
        with UsageFiles(self.folder) as usage:
            usage.add_client("idle")
            usage.write(play_row(total_time_played=-3, user_id=b"-5"))
            usage.write(play_row("bolt", request_id=bytes(16)))
        names = {file_name(client) for client in ("acme", "bolt", "idle")}
        self.assertEqual({path.name for path in self.folder.iterdir()}, names)
        text = (self.folder / "usage.acme.csv").read_bytes().decode()
        self.assertIn(",-3,'-5,agent,,0\r\n", text)
        self.assertIn("acme,preview,00010203-0405-0607-0809-0a0b0c0d0e0f,0,2026-03-10T11:00:00.000000Z,", text)
        self.assertIn(",NA,7,,,online,view,,", text)
        self.assertEqual((self.folder / "usage.idle.csv").read_text().strip(), ",".join(COLUMNS))
        self.assertEqual(next(read_usage(self.folder / "usage.acme.csv"))["user_id"], "-5")

    @given(TEXTS, TEXTS, TEXTS)
    def test_a_row_is_what_pythons_csv_writes(self, user_id: bytes, user_agent: bytes, log_id: bytes) -> None:
        with UsageFiles(self.folder) as usage:
            usage.write(play_row(user_id=user_id, user_agent=user_agent, log_id=log_id))
        written = (self.folder / "usage.acme.csv").read_bytes().partition(LINE_END.encode())[2]
        middle = [
            "0",
            "2026-03-10T11:00:00.000000Z",
            "2026-03-09T23:00:00.000000Z",
            *map(str, list(MIDDLE.values())[1:]),
        ]
        texts = [guard(value.decode("utf-8", ERRORS)) for value in (user_id, user_agent, log_id)]
        self.assertEqual(written, by_the_library(["acme", "preview", uuid_text(REQUEST), *middle, *texts, "0"]))
        (read,) = read_usage(self.folder / "usage.acme.csv")
        self.assertEqual(read["user_agent"].encode("utf-8", ERRORS), user_agent)

    def test_rows_of_several_requests_and_clients_keep_theirs(self) -> None:
        with UsageFiles(self.folder) as usage:
            for number, client in enumerate(("acme", "bolt", "acme", "acme")):
                for item in range(2):
                    usage.write(play_row(client, request_id=bytes([number] * 16), item=item))
        found = [(row["request_id"][:2], row["item"]) for row in read_usage(self.folder / "usage.acme.csv")]
        self.assertEqual(found, [(request, item) for request in ("00", "02", "03") for item in ("0", "1")])

    def test_logs_of_one_request_that_were_replayed_have_moments_of_their_own(self) -> None:
        with UsageFiles(self.folder) as usage:
            for item, hour in enumerate((11, 11, 12)):
                usage.write(play_row(item=item, received=b"2026-03-10 %d:00:00.000000" % hour))
        found = [row["received_at"][11:13] for row in read_usage(self.folder / "usage.acme.csv")]
        self.assertEqual(found, ["11", "11", "12"])

    def test_a_row_of_another_client_under_the_same_request_is_in_its_own_file(self) -> None:
        with UsageFiles(self.folder) as usage:
            usage.write(play_row(item=0))
            usage.write(play_row("bolt", item=1))
        found = {name: [row["item"] for row in read_usage(self.folder / file_name(name))] for name in ("acme", "bolt")}
        self.assertEqual(found, {"acme": ["0"], "bolt": ["1"]})

    def test_no_id_is_an_empty_cell(self) -> None:
        with UsageFiles(self.folder) as usage:
            usage.write(play_row(user_id=None, log_id=None))
        self.assertIn(b",0,,agent,,0\r\n", (self.folder / "usage.acme.csv").read_bytes())

    def test_a_clients_name_cannot_lead_out_of_the_folder(self) -> None:
        self.assertEqual(file_name("../../etc/x"), "usage...%2F..%2Fetc%2Fx.csv")

    def test_a_request_id_reads_as_the_reply_had_it(self) -> None:
        self.assertEqual(uuid_text(REQUEST), "00010203-0405-0607-0809-0a0b0c0d0e0f")
