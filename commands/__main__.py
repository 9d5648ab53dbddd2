"""Runs `playlog WORD`: finds the words by their files, imports the chosen one alone, returns its exit status."""

import argparse
import ast
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from common.config import BadSettings
from common.word_settings import with_word_settings

# sysexits.h has 75 and 78 for the same meanings; supervisors and cron scripts test for them.
OK, FAILED, USAGE, NOT_COMPLETE_YET, BAD_SETTING, INTERRUPTED = 0, 1, 2, 75, 78, 130

HELP = {"-h", "--help"}
EXIT_STATUSES = "Exit status: 0 done, 1 failed, 2 wrong usage, 75 not complete yet, 78 a setting is missing or wrong."


class Word(Protocol):
    """What each file of this folder offers."""

    ABOUT: str

    def parser(self, sub: argparse.ArgumentParser) -> None:
        """Adds the word's arguments."""

    def run(self, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
        """Does the work and returns the exit status."""


def words(folder: Path = Path(__file__).parent) -> dict[str, Path]:
    """Returns the file of each word. A file whose name begins with an underscore is none."""
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return {path.stem.replace("_", "-"): path for path in files}


def about(path: Path) -> str:
    """Returns the ABOUT line of a word's file, read without importing it: --help stays quick."""
    for statement in ast.parse(path.read_text()).body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="ABOUT")], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id="ABOUT"), value=ast.Constant(value=str(text)))
            ):
                return text
    raise SyntaxError(f"{path.name} has no ABOUT line: say in one sentence what the word does.")


def manual(found: Mapping[str, Path]) -> argparse.ArgumentParser:
    """Returns the parser of `playlog --help`, which knows every word but no word's arguments."""
    width = max((len(name) for name in found), default=0)
    lines = [f"  {name:<{width}}  {about(path)}" for name, path in found.items()]
    parser = argparse.ArgumentParser(
        prog="playlog",
        usage="playlog WORD [arguments]; playlog WORD --help",
        description="Play logs: from an HTTP POST, through Kafka, into the data centre's database, to daily reports.",
        epilog="\n".join(["words:", *lines, "", EXIT_STATUSES]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("word", metavar="WORD", choices=list(found))
    return parser


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Runs one word. The console script ends with what this returns."""
    given = list(sys.argv[1:] if argv is None else argv)
    found = words()
    if not given:
        manual(found).print_help(sys.stderr)
        return USAGE
    name = manual(found).parse_args(given[:1]).word
    word = cast(Word, importlib.import_module(f"commands.{name.replace('-', '_')}"))
    return run_word(name, word, given[1:], with_word_settings(name, environ))


def run_word(name: str, word: Word, given: Sequence[str], environ: Mapping[str, str]) -> int:
    """Reads a word's arguments, does its work, and turns the two ends that every word shares into a status."""
    sub = argparse.ArgumentParser(prog=f"playlog {name}", description=word.ABOUT)
    word.parser(sub)
    if HELP & set(given):
        # What reads settings is imported for its manual alone.
        from commands._settings import settings_text

        sub.formatter_class = argparse.RawDescriptionHelpFormatter
        sub.epilog = "\n\n".join(part for part in (sub.epilog, settings_text(name)) if part)
    try:
        return word.run(sub.parse_args(given), environ)
    except BadSettings as bad:
        print(*bad.problems, sep="\n", file=sys.stderr)
        return BAD_SETTING
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `head` does. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
