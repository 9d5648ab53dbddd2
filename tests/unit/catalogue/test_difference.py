"""What a proof found, said to people and written down for repair."""

import io
import json
import tempfile
import unittest
from pathlib import Path

from catalogue.proof.difference import BadFile, Difference, read_differences, write_differences

FOUND = [
    Difference(7, "of another content", 2, 1),
    Difference(8, "published, and not in the region", 2),
    Difference(9, "its row says something else than its document", None, 1),
    Difference(10, "unknown to both"),
]


class DifferenceTest(unittest.TestCase):
    def written(self, text: str) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "different"
        path.write_text(text)
        return path

    def test_a_version_that_isnt_there_isnt_said(self) -> None:
        self.assertEqual(
            [each.sentence() for each in FOUND],
            [
                "release 7: of another content (version 2 expected, version 1 found)",
                "release 8: published, and not in the region (version 2 expected)",
                "release 9: its row says something else than its document (version 1 found)",
                "release 10: unknown to both",
            ],
        )

    def test_what_is_written_is_read(self) -> None:
        out = io.StringIO()
        write_differences(out, FOUND)
        self.assertEqual(read_differences(self.written(out.getvalue())), FOUND)

    def test_another_file_is_refused_with_its_line(self) -> None:
        out = io.StringIO()
        write_differences(out, FOUND[:1])
        for wrong in ("[]", "7", "{", json.dumps({"releaseId": "7", "what": "", "expectedVersion": 1})):
            with self.subTest(wrong), self.assertRaisesRegex(BadFile, "line 2: no line of `playlog catalogue verify"):
                read_differences(self.written(f"{out.getvalue()}{wrong}\n"))
        with self.assertRaisesRegex(BadFile, "can't be read"):
            read_differences(Path("/nowhere/different"))
