"""Makes files whose bytes depend on their content alone."""

import gzip
import tempfile
import unittest
from pathlib import Path

from reports.files import SUMMARY_COLUMNS, compress, write_summary


class Files(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make(self, name: str) -> bytes:
        path = self.folder / name
        path.write_bytes(b"a,b\r\n" * 1000)
        made = compress(path, 999)
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
