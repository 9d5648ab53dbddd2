"""report.html in a browser: a large day with everything on it, an empty one, and a provisional one."""

from datetime import timedelta

from tests.pages.browser import DESK, PHONE, address, browser
from tests.pages.made_up_day import DAY, empty_day, large_day, provisional_day
from tests.pages.page_case import PageCase

#: Sizes of the texts in a chart, as they are shown.
TEXT_HEIGHTS = """
return [...document.querySelectorAll(".pygal-chart text")].filter(e => e.textContent)
  .map(e => e.getBoundingClientRect().height)"""
#: A page copied: the selected table as a clipboard's plain text.
COPIED = """
const table = document.getElementById("totals");
const selection = window.getSelection();
selection.removeAllRanges();
const range = document.createRange();
range.selectNode(table);
selection.addRange(range);
return selection.toString();"""


class ReportPageTest(PageCase):
    def test_a_large_day_is_read_on_a_phone_at_a_desk_and_on_paper(self) -> None:
        self.is_good_everywhere(address(large_day(self.folder())), "report")

    def test_an_empty_and_a_provisional_day_are_pages_too(self) -> None:
        self.is_good_everywhere(address(empty_day(self.folder())), "report-empty")
        self.is_good_everywhere(address(provisional_day(self.folder())), "report-provisional")

    def test_the_texts_of_charts_can_be_read_on_a_phone(self) -> None:
        for width in (PHONE, DESK):
            browser().look(address(large_day(self.folder())), width)
            heights = browser().run(TEXT_HEIGHTS)
            self.assertGreater(len(heights), 50)
            self.assertGreaterEqual(min(heights), 10, f"at {width}")

    def test_a_table_is_copied_as_plain_digits(self) -> None:
        browser().look(address(large_day(self.folder())), DESK)
        copied = dict(line.split("\t") for line in browser().run(COPIED).splitlines() if "\t" in line)
        self.assertEqual(copied["plays"], "545970")
        self.assertTrue(all(value.isdigit() for value in copied.values()), copied)

    def test_the_frames_of_tables_can_be_scrolled_by_the_keyboard(self) -> None:
        browser().look(address(large_day(self.folder())), PHONE)
        frames = browser().run("return [...document.querySelectorAll('.scroll')].map(e => [e.tabIndex, e.ariaLabel])")
        self.assertTrue(frames)
        for index, label in frames:
            self.assertEqual(index, 0)
            self.assertTrue(label)

    def test_the_days_before_are_what_they_were(self) -> None:
        browser().look(address(large_day(self.folder())), DESK)
        first = browser().run("return document.querySelector('#before tbody td').textContent")
        self.assertEqual(first, (DAY - timedelta(days=1)).isoformat())
