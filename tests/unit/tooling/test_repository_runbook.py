"""The runbook has one heading for each monitor, doctor's message, start refusal, stop and exit status, and no other."""

import ast
import importlib
import json
import re
import unittest

from commands import __main__ as dispatcher
from commands import _persisting
from commands.__main__ import words
from commands.doctoring.finding import SUBJECTS, Finding
from reports import door
from tests.unit.tooling.refusals import refusals, stops
from tests.unit.tooling.repository import ROOT, tracked

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
#: Of a status, rather than of a day or a count: at the beginning, or behind a comma, a semicolon or a period.
NUMBER = re.compile(r"(?:^|[,;.]\s+)(\d+)\b")
STATUSES = re.compile(r"(?i)exit status: (.*?)(?:\n\n|$)", re.DOTALL)


def headings(kind: str) -> list[str]:
    """What follows `### KIND: ` in the runbook."""
    return re.findall(rf"^### {kind}:? (.+)$", RUNBOOK, re.MULTILINE)


class RunbookTest(unittest.TestCase):
    def is_one_to_one(self, kind: str, sentences: list[str]) -> None:
        """Each sentence begins with a heading, and each heading with which none begins is of something that's gone."""
        found = headings(kind)
        self.assertEqual(len(found), len(set(found)))
        for sentence in sentences:
            self.assertTrue([each for each in found if sentence.startswith(each)], f"no heading `{kind}: {sentence}`")
        for each in found:
            self.assertTrue([text for text in sentences if text.startswith(each)], f"nothing says `{each}` any more")

    def test_monitors(self) -> None:
        monitors = json.loads((ROOT / "deploy" / "datadog" / "monitors.json").read_text())
        self.assertEqual(headings("Monitor"), [each["name"].partition(": ")[2] for each in monitors])

    def test_doctors_messages(self) -> None:
        named = [name for heading in headings("Doctor") for name in heading.split(" / ")]
        self.assertEqual(sorted(named), sorted(SUBJECTS))

    def test_every_subject_is_one_that_the_doctor_still_looks_at(self) -> None:
        texts = [path.read_text() for path in tracked("commands/doctoring/*_checks.py", "commands/doctoring/visit.py")]
        texts += [(ROOT / "common" / "topic_rules.py").read_text()]
        said = {
            node.value
            for text in texts
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for subject in SUBJECTS - {"days of a table", "copies", "copies in sync"}:
            self.assertIn(subject, said)
        self.assertTrue({": copies", ": copies in sync"} <= said)

    def test_a_finding_without_a_heading_cant_be_made(self) -> None:
        with self.assertRaisesRegex(ValueError, "docs/runbook.md"):
            Finding("Kafka", "topic play-logs: something new", "wrong")

    def test_start_refusals(self) -> None:
        self.is_one_to_one("Start", refusals())

    def test_stops_of_a_persister(self) -> None:
        self.is_one_to_one("Stop", stops())

    def test_exit_statuses(self) -> None:
        infra = ast.get_docstring(ast.parse((ROOT / "infra" / "__main__.py").read_text()))
        texts = [dispatcher.EXIT_STATUSES, infra or "", door.EPILOG, _persisting.EPILOG]
        for name in words():
            module = importlib.import_module(f"commands.{name.replace('-', '_')}")
            texts += [value for value in vars(module).values() if isinstance(value, str)]
        parts = [part for text in texts for part in STATUSES.findall(text)]
        said = {int(number) for part in parts for number in NUMBER.findall(part)}
        constants = {dispatcher.OK, dispatcher.FAILED, dispatcher.USAGE, dispatcher.INTERRUPTED}
        constants |= {dispatcher.NOT_COMPLETE_YET, dispatcher.BAD_SETTING}
        self.assertEqual({int(each) for each in headings("Exit status")}, said | constants)
