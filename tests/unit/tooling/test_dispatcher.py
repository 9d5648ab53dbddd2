"""`playlog` finds its words by their files, and its exit status says how a word ended."""

import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path

from commands.__main__ import BAD_SETTING, INTERRUPTED, USAGE, about, main, manual, run_word, words
from common.config import BadSettings


class FakeWord:
    """A word that ends as it is told, or else says with its status what it was given."""

    ABOUT = "Does it"

    def __init__(self, end: int | BaseException | None = None) -> None:
        self.end = end

    def parser(self, sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--loud", action="store_true")

    def run(self, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
        if isinstance(self.end, BaseException):
            raise self.end
        return int(args.loud and environ["VOICE"]) if self.end is None else self.end


class EndTest(unittest.TestCase):
    def end_of(self, word: FakeWord, *arguments: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            return run_word("sample", word, arguments, {"VOICE": "9"}), said.getvalue()

    def test_a_reader_that_went_away_is_status_1_and_no_complaint(self) -> None:
        program = (
            "import sys, types; from commands.__main__ import run_word\n"
            "def run(args, environ):\n    [print('x' * 99) for _ in range(9999)]\n"
            "word = types.SimpleNamespace(ABOUT='', parser=lambda sub: None, run=run)\n"
            "sys.exit(run_word('w', word, [], {}))"
        )
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
            assert done.stdout is not None and done.stderr is not None
            done.stdout.readline()
            done.stdout.close()
            said = done.stderr.read()
        self.assertEqual((done.returncode, said), (1, b""))

    def test_the_words_own_status_is_the_commands(self) -> None:
        self.assertEqual((75, ""), self.end_of(FakeWord(75)))

    def test_arguments_after_the_word_and_the_environment_are_the_words(self) -> None:
        self.assertEqual((9, ""), self.end_of(FakeWord(), "--loud"))

    def test_a_bad_setting_ends_with_78_and_each_problem_on_a_line(self) -> None:
        bad = BadSettings(["WEB_BIND is wrong.", "LOG_LEVEL is wrong."])
        self.assertEqual((BAD_SETTING, "WEB_BIND is wrong.\nLOG_LEVEL is wrong.\n"), self.end_of(FakeWord(bad)))

    def test_control_c_ends_with_130_and_no_traceback(self) -> None:
        self.assertEqual((INTERRUPTED, ""), self.end_of(FakeWord(KeyboardInterrupt())))

    def test_no_word_shows_the_manual_and_is_wrong_usage(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(USAGE, main([], {}))
        self.assertIn("playlog WORD", said.getvalue())

    def test_an_unknown_word_is_wrong_usage(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as end:
            main(["no-such-word"], {})
        self.assertEqual(USAGE, end.exception.code)


class WordsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_dash_in_a_word_is_an_underscore_in_its_file(self) -> None:
        (self.folder / "dead_letters.py").touch()
        (self.folder / "__main__.py").touch()
        self.assertEqual({"dead-letters": self.folder / "dead_letters.py"}, words(self.folder))

    def test_the_manual_reads_each_words_line_without_importing_it(self) -> None:
        file = self.folder / "loud.py"
        file.write_text('import no_such_module\nABOUT: str = "Says it loudly"\n')
        self.assertIn("loud  Says it loudly", manual({"loud": file}).format_help())

    def test_a_word_without_its_line_is_refused(self) -> None:
        file = self.folder / "mute.py"
        file.touch()
        self.assertRaisesRegex(SyntaxError, "mute.py has no ABOUT line", about, file)

    def test_every_word_of_ours_prints_its_own_manual(self) -> None:
        for word in words():
            with self.subTest(word):
                done = subprocess.run(
                    [sys.executable, "-m", "commands", word, "--help"], capture_output=True, text=True, check=False
                )
                self.assertEqual((0, ""), (done.returncode, done.stderr))
