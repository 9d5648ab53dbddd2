"""Makes files whose bytes depend on their content alone."""

import gzip
import tempfile
import unittest
from pathlib import Path

from reports.files import SUMMARY_COLUMNS, compress, write_summary
from reports.workbench import Workbench


class Files(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make(self, name: str) -> bytes:
        path = self.folder / name
        path.write_bytes(b"a,b\r\n" * 1000)
        made = compress(path, 999, lambda: None)
        self.assertEqual((made.name, made.rows), (f"{name}.gz", 999))
        self.assertFalse(path.exists())
        return (self.folder / made.name).read_bytes()

    def test_neither_name_nor_time_is_in_the_compressed_file(self) -> None:
        data = self.make("one.csv")
        self.assertEqual(data, self.make("another.csv"))
        self.assertEqual(data[3:8], b"\0\0\0\0\0")
        self.assertEqual(gzip.decompress(data), b"a,b\r\n" * 1000)

    def test_the_summary_of_nothing_is_a_header(self) -> None:
        made = write_summary(self.folder, [])
        self.assertEqual((made.rows, (self.folder / made.name).read_text()), (0, ",".join(SUMMARY_COLUMNS) + "\n"))

    def test_sums_are_by_client_track_and_mode_with_users_byte_by_byte(self) -> None:
        bench = Workbench(self.folder / "work.sqlite")
        self.addCleanup(bench.close)
        for user, seconds in ((b"u1", 30), (b"u1 ", 29), (b"U1", 0), (b"u1", 31), (None, 5)):
            row: list[object] = ["acme", "preview", 0, 0, b"", 0, "2026-03-10T11:00", "2026-03-09T", "GB", 7]
            bench.add_play((*row, None, None, None, "", "", seconds, user, "agent", None))
        self.assertEqual(list(bench.summary()), [("acme", "preview", "GB", 7, "", 5, 95, 3, 2)])
        self.assertEqual(bench.sums_by("hour", "played_day"), [(11, "2026-03-09", 5, 95, 3, 2)])
        self.assertEqual(bench.sums_by(), [(5, 95, 3, 2)])

    def test_listeners_of_two_clients_are_two_and_names_do_not_run_together(self) -> None:
        bench = Workbench(self.folder / "work.sqlite")
        self.addCleanup(bench.close)
        self.assertEqual(bench.sums_by(), [(0, 0, 0, 0)])
        for client, user in (("a", b"bc"), ("ab", b"c"), ("a", b"bc"), ("a", b"\xff"), ("a", b"\xfe"), ("a", b"")):
            row: list[object] = [client, "preview", 0, 0, b"", 0, "2026-03-10T11:00", "2026-03-09T", "GB", 7]
            bench.add_play((*row, None, None, None, "", "", 1, user, "agent", None))
        self.assertEqual(bench.sums_by(), [(6, 6, 5, 0)])
