"""Writes usage rows, and guards text against spreadsheets."""

import tempfile
import unittest
from pathlib import Path
from typing import Any

from reports.usage import COLUMNS, UsageFiles, file_name, guard, read_usage, unguard, uuid_text

REQUEST = bytes(range(16))


def row(item: int = 0, client: str = "acme", **changes: Any) -> tuple[Any, ...]:
    values = {
        "client": client,
        "stream": "preview",
        "is_test": 0,
        "is_id_conflict": 0,
        "request_id": REQUEST,
        "item": item,
        "received_at": "R",
        "played_at": "P",
        "country": "NA",
        "track_id": 7,
        "release_id": None,
        "format_id": None,
        "play_mode": "online",
        "play_type": "view",
        "end_reason": None,
        "total_time_played": 0,
        "user_id": b"u",
        "user_agent": "agent",
        "log_id": None,
    }
    return tuple((values | changes).values())


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
            usage.write(row(total_time_played=-3, user_id=b"-5"))
            usage.write(row(client="bolt"))
            self.assertEqual(usage.rows, {"idle": 0, "acme": 1, "bolt": 1})
        text = (self.folder / "usage.acme.csv").read_bytes().decode()
        self.assertIn(",-3,'-5,agent,,0\r\n", text)
        self.assertIn("acme,preview,00010203-0405-0607-0809-0a0b0c0d0e0f,0,R,P,NA,7,,,online,view,,", text)
        self.assertEqual((self.folder / "usage.idle.csv").read_text().strip(), ",".join(COLUMNS))
        self.assertEqual(next(read_usage(self.folder / "usage.acme.csv"))["user_id"], "-5")

    def test_a_clients_name_cannot_lead_out_of_the_folder(self) -> None:
        self.assertEqual(file_name("../../etc/x"), "usage...%2F..%2Fetc%2Fx.csv")

    def test_a_request_id_reads_as_the_reply_had_it(self) -> None:
        self.assertEqual(uuid_text(REQUEST), "00010203-0405-0607-0809-0a0b0c0d0e0f")
