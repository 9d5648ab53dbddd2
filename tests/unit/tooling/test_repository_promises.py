"""docs/reliability.md: every promise names its tests, and every test that it names is there."""

import ast
import re
import unittest
from functools import cache

from infra.promises import PROMISES
from tests.unit.tooling.repository import ROOT, tracked

ROW = re.compile(r"^\| (?!promise|failure|fault |-)(.+) \| (.+) \|$", re.MULTILINE)


@cache
def existing_tests() -> set[str]:
    """The names of all tests."""
    return {
        node.name
        for path in tracked("tests/*.py", "client/*.py", "infra/verify/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


class PromisesTest(unittest.TestCase):
    def test_every_rule_of_the_gateway_has_tests_and_they_exist(self) -> None:
        text = (ROOT / "docs" / "gateway.md").read_text()
        named = re.findall(r"\btest_\w+", text)
        self.assertGreater(len(named), 60)
        self.assertEqual(set(named) - existing_tests(), set())
        for table in re.findall(r"\| rule \| test \|\n\|---\|---\|\n((?:\|.*\n)+)", text):
            for row in table.splitlines():
                self.assertIn("test_", row)

    def test_every_test_that_moving_urls_names_exists(self) -> None:
        text = (ROOT / "docs" / "moving.md").read_text()
        named = re.findall(r"\btest_\w+", text)
        self.assertGreater(len(named), 25)
        self.assertEqual(set(named) - existing_tests(), set())

    def test_every_promise_of_the_catalogue_has_tests_and_they_exist(self) -> None:
        text = (ROOT / "docs" / "catalogue.md").read_text()
        (rows,) = re.findall(r"\| promise \| test \|\n\|---\|---\|\n((?:\|.*\n)+)", text)
        self.assertGreater(len(rows.splitlines()), 10)
        for row in rows.splitlines():
            named = re.findall(r"\btest_\w+", row)
            self.assertTrue(named, row)
            self.assertEqual(set(named) - existing_tests(), set(), row)

    def test_every_promise_of_the_hosts_has_tests_and_they_exist(self) -> None:
        text = (ROOT / "docs" / "infra.md").read_text()
        (rows,) = re.findall(r"\| promise of this page \| test \|\n\|---\|---\|\n((?:\|.*\n)+)", text)
        for row in rows.splitlines():
            named = set(re.findall(r"\btest_\w+", row))
            self.assertTrue(named, row)
            self.assertEqual(named - existing_tests(), set(), row)

    def test_every_promise_of_the_hosts_is_on_the_page_in_its_order(self) -> None:
        text = (ROOT / "docs" / "infra.md").read_text()
        (rows,) = re.findall(r"\| promise \| keeps \|\n\|---\|---\|\n((?:\|.*\n)+)", text)
        listed = [row.split("|")[1].strip() for row in rows.splitlines()]
        self.assertEqual(listed, list(PROMISES))
        for name in listed:
            self.assertTrue((ROOT / "infra" / "verify" / f"test_{name}.py").exists(), name)

    def test_every_promise_has_tests_and_they_exist(self) -> None:
        existing = existing_tests()
        rows = ROW.findall((ROOT / "docs" / "reliability.md").read_text())
        self.assertGreater(len(rows), 50)
        for promise, tests in rows:
            named = re.findall(r"\btest_\w+", tests)
            self.assertTrue(named, promise)
            self.assertEqual(set(named) - existing, set(), promise)
