"""The comparator's page in a browser: `playlog move report --html`."""

from moving.page import render_page
from moving.report import ComparatorReport, FieldReport, PathReport, Report, Sample
from tests.pages.page_case import PageCase

VERDICTS = {"equal": 9_000_000, "noise": 3, "differs": 12, "slower": 4, "failed": 1}
URL = "/1.2/track/details?trackId=1&country=GB&usageTypes=" + "x" * 300
SAMPLE = Sample(
    "/track/title", "Sleeping in My Car " * 9, None, "acme", URL,
    "0197f3c2-0000-7000-8000-000000000000", "trace-1", "2026-11-24T10:00:00Z",
)  # fmt: skip


class MovingPageTest(PageCase):
    def test_differences_of_long_values_are_read_everywhere(self) -> None:
        fields = [FieldReport("track/title", "differs", 12, [SAMPLE] * 3), FieldReport("x" * 90, "noise", 3, [])]
        paths = [PathReport("/1.2/track/details", VERDICTS, 500, 41.2, 3.4, fields)]
        comparators = [ComparatorReport("region-1.example:77", 3, 9_000_000, 8_999_000, 10, 0, 2)]
        self.is_good_everywhere(self.write("moving", render_page(Report(60, paths, comparators))), "moving")

    def test_nothing_compared_is_a_page_too(self) -> None:
        self.is_good_everywhere(self.write("moving", render_page(Report(60, [], []))), "moving-empty")
