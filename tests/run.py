"""Runs one test suite and writes JUnit files to build/junit/SUITE/; fails also when no test ran.

usage: python -W error -m tests.run SUITE [-k PATTERN] [-v]        SUITE: a key of SUITES, below
"""

import argparse
import os
import shutil
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path

import xmlrunner

ROOT = Path(__file__).parents[1]
CLIENT = ROOT / "client"
#: Folder below tests/, and the names of its files. The last three are too long for `make test`.
SUITES = {
    "unit": ("unit", "test*.py"),
    "integration": ("integration", "test*.py"),
    "gateway": ("gateway", "test*.py"),
    "catalogue": ("catalogue", "test*.py"),
    "moving": ("moving", "test*.py"),
    "infra": ("infra", "test*.py"),
    "pages": ("pages", "test*.py"),
    "faults": ("faults", "test*.py"),
    "smoke": ("smoke", "test*.py"),
    "faults-long": ("faults", "fault_*.py"),
    "soak": ("faults", "soak_*.py"),
    "infra-long": ("infra", "long_*.py"),
}


def find(suite: str, patterns: list[str]) -> unittest.TestSuite:
    """Returns the tests of a suite; with patterns, those whose name one of them matches or is part of."""
    loader = unittest.TestLoader()
    loader.testNamePatterns = [each if "*" in each else f"*{each}*" for each in patterns] or None
    # A module that can't be imported is a test that fails, whatever was asked for.
    folder, names = SUITES[suite]
    found = unittest.TestSuite([loader.discover(str(ROOT / "tests" / folder), names, top_level_dir=str(ROOT))])
    if suite == "unit":
        # The partners' package brings its own.
        found.addTest(loader.discover(str(CLIENT / "client_tests"), top_level_dir=str(CLIENT)))
    return found


def half_of(tests: unittest.TestSuite, half: int) -> unittest.TestSuite:
    """Every second class of tests, from the first (0) or from the second (1) on."""
    by_class: dict[str, unittest.TestSuite] = {}
    for each in each_of(tests):
        by_class.setdefault(f"{type(each).__module__}.{type(each).__qualname__}", unittest.TestSuite()).addTest(each)
    return unittest.TestSuite(by_class[name] for name in sorted(by_class)[half::2])


def each_of(tests: unittest.TestSuite | unittest.TestCase) -> Iterator[unittest.TestCase]:
    """The single tests."""
    if isinstance(tests, unittest.TestCase):
        yield tests
    else:
        for each in tests:
            yield from each_of(each)


def run_halves(suite: str, verbosity: int) -> int:
    """Runs the halves of a suite at once, each in a process of its own; the exit status."""
    prepare(suite)
    command = [sys.executable, "-W", "error", "-m", "tests.run", suite, *(["-v"] if verbosity > 1 else []), "--half"]
    other = subprocess.Popen([*command, "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    one = subprocess.run([*command, "0"], check=False, cwd=ROOT)
    said, _ = other.communicate()
    sys.stdout.write(said.decode(errors="replace"))
    return one.returncode or other.returncode


def prepare(suite: str) -> Path:
    """The folder of a suite's JUnit files, empty."""
    folder = ROOT / "build" / "junit" / suite
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def run(suite: str, patterns: list[str], verbosity: int, half: int | None = None) -> int:
    """Runs the tests found, or half of them into a folder that is there; the exit status."""
    os.chdir(ROOT)
    # Whatever hypothesis remembers is no file of the repository.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / "build" / "hypothesis"))
    folder = prepare(suite) if half is None else ROOT / "build" / "junit" / suite
    tests = find(suite, patterns) if half is None else half_of(find(suite, patterns), half)
    if tests.countTestCases() == 0:
        print(f"no test of {suite} matches {', '.join(patterns)}" if patterns else f"tests/{suite} holds no test")
        return 1
    result = xmlrunner.XMLTestRunner(output=str(folder), verbosity=verbosity, outsuffix="").run(tests)
    return 0 if result.wasSuccessful() and result.testsRun else 1


def main() -> int:
    """Reads the arguments and runs one suite."""
    parser = argparse.ArgumentParser(prog="python -m tests.run", description=__doc__.partition("\n")[0])
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("-k", dest="patterns", action="append", default=[], metavar="PATTERN", help="only these tests")
    parser.add_argument("--half", type=int, choices=(0, 1), help="every second class of tests, beside what is there")
    parser.add_argument("-v", action="store_true", help="a line for each test")
    args = parser.parse_args()
    verbosity = 2 if args.v or args.suite != "unit" else 1
    if args.suite == "unit" and not args.patterns and args.half is None:
        return run_halves(args.suite, verbosity)
    return run(args.suite, args.patterns, verbosity, args.half)


if __name__ == "__main__":
    sys.exit(main())
