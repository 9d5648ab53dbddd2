"""A release is named by its wheels: the same ones have the same name, and only a few archives are kept."""

import os
import tarfile
import tempfile
import unittest
from pathlib import Path

from infra.wheels import ARCHIVES, pack


class PackTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def wheels(self, **contents: str) -> list[Path]:
        found = []
        for name, content in contents.items():
            path = self.folder / f"{name}.whl"
            path.write_text(content)
            found.append(path)
        return found

    def test_the_same_wheels_have_the_same_name_in_whatever_order_they_come(self) -> None:
        wheels = self.wheels(a="1", b="2")
        first = pack(wheels, self.folder)
        self.assertEqual(pack(wheels[::-1], self.folder), first)
        assert first.archive is not None
        with tarfile.open(first.archive) as archive:
            self.assertEqual(sorted(archive.getnames()), ["a.whl", "b.whl"])

    def test_another_content_or_another_name_is_another_release(self) -> None:
        names = {pack(self.wheels(**each), self.folder).name for each in ({"a": "1"}, {"a": "2"}, {"b": "1"})}
        self.assertEqual(len(names), 3)

    def test_old_archives_go_and_the_newest_stays(self) -> None:
        for number in range(ARCHIVES + 2):
            pack(self.wheels(a=str(number)), self.folder)
        packed = list(self.folder.glob("*.tar"))
        self.assertEqual(len(packed), ARCHIVES + 2, "those of today are all kept")
        for path in packed:
            os.utime(path, (1, 1))
        newest = pack(self.wheels(a="new"), self.folder)
        kept = list(self.folder.glob("*.tar"))
        self.assertEqual(len(kept), ARCHIVES)
        self.assertIn(newest.archive, kept)
