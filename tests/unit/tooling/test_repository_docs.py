"""The pages of docs/ tell the truth of what can be checked: links lead somewhere, examples are right, words exist."""

import ast
import re
import unittest
from pathlib import Path

from app.logs.stream import read_streams
from app.openapi.document import openapi_document
from commands.__main__ import words
from tests.unit.tooling.repository import ROOT, tracked

LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
PAGES = ("start.md", "sending.md", "reports.md", "operating.md", "runbook.md", "moving.md", "configuration.md")


def anchors_of(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class DocsTest(unittest.TestCase):
    def test_every_link_leads_to_a_page_and_to_a_heading_of_it(self) -> None:
        for page in tracked("*.md"):
            text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
            for target, anchor in LINK.findall(text):
                if "://" in target or target.startswith("mailto:"):
                    continue
                found = page if not target else (page.parent / target).resolve()
                with self.subTest(page.name, link=target + anchor):
                    self.assertTrue(found.exists())
                    if anchor:
                        self.assertIn(anchor.removeprefix("#"), anchors_of(found))

    def test_every_page_is_found_from_the_readme(self) -> None:
        readme = (ROOT / "README.md").read_text()
        for page in sorted((ROOT / "docs").glob("*.md")):
            self.assertIn(f"docs/{page.name}", readme)
        for name in PAGES:
            self.assertTrue((ROOT / "docs" / name).exists(), name)

    def test_what_to_do_is_said_of_every_status_that_a_sender_can_get(self) -> None:
        text = (ROOT / "docs" / "sending.md").read_text()
        said = set(re.findall(r"\b[245][0-9]{2}\b", text.partition("## What to do on each status")[2]))
        document = openapi_document(read_streams())
        for stream in read_streams():
            self.assertLessEqual(document["paths"][stream.path]["post"]["responses"].keys(), said)

    def test_the_python_that_is_shown_can_be_read_and_handles_each_refusal_once(self) -> None:
        (shown,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "sending.md").read_text(), re.DOTALL)
        numbers = [node.value for node in ast.walk(ast.parse(shown)) if isinstance(node, ast.Constant)]
        final = {number for number in numbers if isinstance(number, int) and 400 <= number < 500}
        document = openapi_document(read_streams())
        (stream, *_) = read_streams()
        refused = {int(status) for status in document["paths"][stream.path]["post"]["responses"] if status[0] == "4"}
        # What passes by itself is tried again.
        self.assertEqual(final, refused - {408, 429})

    def test_every_word_that_is_named_exists(self) -> None:
        for page in (*tracked("docs/*.md"), ROOT / "README.md"):
            for word in re.findall(r"`playlog ([a-z][a-z-]+)", page.read_text()):
                self.assertIn(word, words(), page.name)
