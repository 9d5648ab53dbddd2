"""What the command says before it asks anybody."""

import contextlib
import io
import json
import unittest

from rollout.__main__ import main
from rollout.config import BAD_SETTING
from tests.unit.rollout.test_definition import ENVIRON


def run(*arguments: str, **changes: str) -> tuple[int, str, str]:
    """Its exit status, and what it wrote to standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["--env", "uat", *arguments], ENVIRON | changes)
    return status, out.getvalue(), err.getvalue()


class CommandTest(unittest.TestCase):
    def test_what_is_missing_or_wrong_is_named_all_at_once(self) -> None:
        status, _, said = run(ECS_CLUSTER="", IMAGE_PREFIX="no-slash", TASK_SIZE="huge")
        self.assertEqual(status, BAD_SETTING)
        for name in ("ECS_CLUSTER is not set", "IMAGE_PREFIX: 'no-slash' must end", "TASK_SIZE: 'huge' must be one of"):
            self.assertIn(name, said)

    def test_a_dry_run_prints_both_definitions_and_asks_nobody(self) -> None:
        status, printed, _ = run("--dry-run")
        self.assertEqual(status, 0)
        migration, web = json.loads(printed)
        self.assertEqual((migration["family"], web["family"]), ("playlog-uat-migrate", "playlog-uat"))
        self.assertNotIn("${", printed)

    def test_without_a_tag_the_images_are_those_of_this_commit(self) -> None:
        _, printed, _ = run("--dry-run", IMAGE_TAG="")
        images = [each["image"] for each in json.loads(printed)[1]["containerDefinitions"]]
        self.assertRegex(images[0], r"registry\.example/playlog/playlog-nginx:[0-9a-f]{12}$")

    def test_another_environment_is_a_wrong_usage(self) -> None:
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(io.StringIO()) as said:
            main(["--env", "staging"], ENVIRON)
        self.assertEqual(ended.exception.code, 2)
        self.assertIn("choose from", said.getvalue())
