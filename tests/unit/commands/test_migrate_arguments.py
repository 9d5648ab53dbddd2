"""Which databases `playlog migrate` is asked for, seen by the settings that it misses."""

import contextlib
import io
import unittest

from commands.__main__ import BAD_SETTING, USAGE, main


def missing(*arguments: str) -> set[str]:
    """The settings that a run names as missing."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = main(["migrate", *arguments], {})
    if status != BAD_SETTING:
        raise AssertionError(f"status {status}")
    return {line.partition(" ")[0] for line in said.getvalue().splitlines()}


class ArgumentsTest(unittest.TestCase):
    def test_one_database_is_named_by_its_word_or_its_flag(self) -> None:
        for arguments in (("region",), ("--region",)):
            self.assertIn("REGION_DB_URL", missing(*arguments))
            self.assertNotIn("DATACENTRE_DB_URL", missing(*arguments))
        for arguments in (("datacentre",), ("--datacentre",)):
            self.assertIn("DATACENTRE_DB_URL", missing(*arguments))
            self.assertNotIn("REGION_DB_URL", missing(*arguments))

    def test_without_a_name_it_is_both(self) -> None:
        for arguments in ((), ("all",)):
            self.assertLessEqual({"REGION_DB_URL", "DATACENTRE_DB_URL"}, missing(*arguments))

    def test_two_names_are_refused(self) -> None:
        for arguments in (("region", "--datacentre"), ("--region", "--datacentre")):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as ended:
                main(["migrate", *arguments], {})
            self.assertEqual(ended.exception.code, USAGE)
