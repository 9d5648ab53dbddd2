"""What holds of every page: nothing sticks out, the console is silent, nothing is fetched from elsewhere."""

import tempfile
import unittest
from pathlib import Path

from tests.pages.browser import DESK, PHONE, Look, address, browser, has_browser
from tests.pages.pages_rig import contract_later

MOST_SHEETS = 60


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        # Beside the first tests, which need neither.
        contract_later()

    def setUp(self) -> None:
        if not has_browser():
            self.skipTest("no chromium and chromium-driver here: this distribution has no such packages")

    def folder(self) -> Path:
        """A folder that is gone after the test."""
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        return Path(made.name)

    def is_good(self, look: Look, own: str) -> None:
        """One look at a page whose address begins so."""
        self.assertEqual(look.sticks_out, [], f"at {look.width}")
        self.assertLessEqual(look.page_width, look.width, f"at {look.width}")
        self.assertEqual(look.console, [], f"at {look.width}")
        self.assertEqual([url for url in look.fetched if not url.startswith(own)], [], f"at {look.width}")

    def is_good_everywhere(self, url: str, name: str, ready: str = "return true", own: str = "") -> None:
        """At the width of a phone and of a desk, by day and by night, and on paper."""
        own = own or url.partition("?")[0]
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            browser().command("Emulation.setEmulatedMedia", media="", features=features)
            for width in (PHONE, DESK):
                with self.subTest(name, width=width, scheme=scheme):
                    shot = name if scheme == "light" else f"{name}-dark"
                    self.is_good(browser().look(url, width, shot, ready), own)
        browser().command("Emulation.setEmulatedMedia", media="", features=[])
        self.is_good_on_paper(url, name, ready, own)

    def is_good_on_paper(self, url: str, name: str, ready: str, own: str) -> None:
        """Printed on A4."""
        with self.subTest(name, on="paper"):
            look, sheets = browser().paper(url, name, ready)
            self.is_good(look, own)
            self.assertTrue(0 < sheets <= MOST_SHEETS, f"{sheets} sheets")

    def write(self, name: str, text: str) -> str:
        """The address of a page in a file of its own."""
        file = self.folder() / f"{name}.html"
        file.write_text(text, encoding="utf-8")
        return address(file)
