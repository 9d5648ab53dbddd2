"""A name is taken out of a usage file so that nothing else of it changes."""

import gzip
import tempfile
import unittest
from pathlib import Path

from listeners.usage import rename_in, rows_of
from reports.files import compress
from reports.usage import PlayRow, UsageFiles, file_name, read_usage
from tests.fakes.play_rows import play_row

TOKEN = "erased-AAAAAAAAAAAAAAAAAAAAAA"
USERS = (b"gone", b"=gone", b"gone ", b"Gone", b"user_id", 'gø,"ne\r\n'.encode(), b"\xff\xfe", b"")


def row(item: int, user_id: bytes, user_agent: str) -> PlayRow:
    return play_row(item=item, user_id=user_id, user_agent=user_agent.encode(), log_id=b"-1")


class RenameTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, *rows: PlayRow) -> Path:
        """A usage file as a report makes it."""
        folder = self.folder / name
        folder.mkdir()
        with UsageFiles(folder) as usage:
            usage.add_client("acme")
            for each in rows:
                usage.write(each)
        made = compress(folder / file_name("acme"), len(rows))
        return folder / made.name

    def test_the_file_is_the_one_that_the_renamed_rows_make(self) -> None:
        for number, name in enumerate(("gone", "=gone", "gone ", "user_id", 'gø,"ne\r\n')):
            rows = [row(item, user, "agent\r\n=x") for item, user in enumerate(USERS)]
            before = self.write(f"before{number}", *rows)
            wanted = name.encode()
            renamed = [
                row(item, TOKEN.encode(), TOKEN) if user == wanted else rows[item] for item, user in enumerate(USERS)
            ]
            expected = self.write(f"expected{number}", *renamed)
            self.assertEqual(len([1 for _ in rows_of(before, name)]), 1)
            making = self.folder / f"making{number}"
            making.mkdir()
            made = rename_in(before, making, name, TOKEN)
            assert made is not None
            self.assertEqual(made.rows, len(rows))
            self.assertEqual((making / made.name).read_bytes(), expected.read_bytes())
            self.assertEqual([path.name for path in making.iterdir()], [made.name])

    def test_a_file_without_the_name_is_left_alone(self) -> None:
        before = self.write("before", row(0, b"here", "gone"))
        making = self.folder / "making"
        making.mkdir()
        self.assertIsNone(rename_in(before, making, "gone", TOKEN))
        self.assertEqual(list(making.iterdir()), [])

    def test_the_token_can_be_read_back(self) -> None:
        before = self.write("before", row(0, b"gone", "a"), row(1, b"here", "b"))
        making = self.folder / "making"
        making.mkdir()
        made = rename_in(before, making, "gone", TOKEN)
        assert made is not None
        plain = making / "plain.csv"
        plain.write_bytes(gzip.decompress((making / made.name).read_bytes()))
        self.assertEqual(
            [(each["user_id"], each["user_agent"]) for each in read_usage(plain)], [(TOKEN, TOKEN), ("here", "b")]
        )
