"""A word starts in a moment: what takes longest to import is imported where it is used."""

import subprocess
import sys
import unittest

from tests.unit.tooling.repository import ROOT

#: Words that cron or a person starts again and again, and what none of them needs to begin with.
WORDS = (
    *("acls", "catalogue", "catalogue_consume", "catalogue_produce", "clients", "consume", "dead_letters", "doctor"),
    *("ledger", "migrate", "move", "moves", "receipt", "report", "status"),
)
HEAVY = ("datadog", "duckdb", "flask", "jinja2", "jsonschema", "playlog_client", "requests")
LOOK = """
import importlib, sys
for word in sys.argv[1].split():
    importlib.import_module(f"commands.{word}")
print(*sys.modules)
"""


class StartTest(unittest.TestCase):
    def test_a_word_imports_nothing_heavy_before_it_needs_it(self) -> None:
        argv = [sys.executable, "-c", LOOK, " ".join(WORDS)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
        imported = set(done.stdout.split())
        self.assertIn("commands.ledger", imported)
        self.assertEqual(imported & set(HEAVY), set())
