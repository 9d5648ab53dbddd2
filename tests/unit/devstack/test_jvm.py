"""Kafka's kept classes are used when they are of this Java and these jars, and only then."""

import os
import tempfile
import unittest
from pathlib import Path

from devstack.jvm import archive_of, java


class JavaTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.libs = Path(folder.name) / "libs"
        self.libs.mkdir()
        (self.libs / "kafka.jar").write_bytes(b"jar")

    def test_an_archive_is_used_where_there_is_one(self) -> None:
        option = f"-XX:SharedArchiveFile={archive_of(self.libs)}"
        self.assertNotIn(option, java(self.libs, "-Xmx1m"))
        archive_of(self.libs).touch()
        command = java(self.libs, "-Xmx1m")
        self.assertIn(option, command)
        self.assertEqual(command[-3:], ["-Xmx1m", "-cp", f"{self.libs}/*"])

    def test_other_jars_have_another_archive(self) -> None:
        first = archive_of(self.libs)
        self.assertEqual(archive_of(self.libs), first)
        (self.libs / "more.jar").write_bytes(b"")
        second = archive_of(self.libs)
        os.utime(self.libs / "kafka.jar", (0, 0))
        self.assertEqual(len({first, second, archive_of(self.libs)}), 3)
