"""What `playlog send` shows: a bar on a terminal, plain lines elsewhere, refused logs on standard output."""

import io
import unittest

from client_tests.sending_fakes import FakeTimer
from playlog_client.entry import Refusal
from playlog_client.progress import Bar, PlainLines

REFUSED = Refusal("logs.jsonl", 7, "/logs/6/trackId", "type", "must be an integer")


class PlainLinesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.out, self.listing, self.timer = io.StringIO(), io.StringIO(), FakeTimer()

    def shown(self, total: int | None, done: int = 0, *, is_quiet: bool = False) -> PlainLines:
        return PlainLines(self.out, self.listing, total, done, self.timer, is_quiet=is_quiet)

    def test_a_line_now_and_then_has_rate_and_time_left(self) -> None:
        shown = self.shown(100_000, done=20_000)
        for _ in range(12):
            self.timer.wait(2.5)
            shown.advance(1000)
        self.assertEqual(
            self.out.getvalue().splitlines(),
            [
                "24,000 of 100,000 logs, 400/s, 190 s left",
                "28,000 of 100,000 logs, 400/s, 180 s left",
                "32,000 of 100,000 logs, 400/s, 170 s left",
            ],
        )

    def test_without_a_total_there_is_no_time_left(self) -> None:
        shown = self.shown(None)
        self.timer.wait(10)
        shown.advance(5000)
        self.assertEqual(self.out.getvalue(), "5,000 logs, 500/s\n")

    def test_quiet_shows_notes_and_refusals_alone(self) -> None:
        shown = self.shown(None, is_quiet=True)
        self.timer.wait(60)
        shown.advance(5000)
        shown.note("something")
        shown.list_refused([REFUSED])
        self.assertEqual(self.out.getvalue(), "something\n")
        self.assertEqual(self.listing.getvalue(), "logs.jsonl:7: /logs/6/trackId [type] must be an integer\n")


class BarTest(unittest.TestCase):
    def test_the_bar_shows_how_far_it_is_and_refusals_go_elsewhere(self) -> None:
        out, listing = io.StringIO(), io.StringIO()
        shown = Bar(out, listing, 1000, 500)
        shown.advance(500)
        shown.note("something")
        shown.list_refused([REFUSED])
        shown.close()
        self.assertIn("1000/1000", out.getvalue())
        self.assertIn("something\n", out.getvalue())
        self.assertEqual(listing.getvalue(), "logs.jsonl:7: /logs/6/trackId [type] must be an integer\n")
