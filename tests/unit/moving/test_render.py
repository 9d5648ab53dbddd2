"""The file that nginx includes: its words are ours alone, and the checked-in one is that of an empty map."""

import re
import unittest

from moving.plan import MOST_SHARE, Move, Plan
from moving.render import render
from tests.unit.tooling.repository import ROOT

DETAILS, TRACKS = "/1.2/track/details", "/1.2/release/tracks"


class RenderTest(unittest.TestCase):
    def test_the_checked_in_file_is_the_empty_map(self) -> None:
        self.assertEqual((ROOT / "deploy" / "unmoved.conf").read_text(), render(Plan()))

    def test_each_kind_of_move_has_its_line(self) -> None:
        plan = (
            Plan()
            .with_move(Move(1, DETAILS, "acme", "12"))
            .with_move(Move(2, DETAILS, "Acme"))
            .with_move(Move(3, DETAILS, None, "13", 20.0))
            .with_move(Move(4, TRACKS, share=5.0))
        )
        text = render(plan)
        self.assertIn('$moves_version { default "4"; }', text)
        # Two clients whose names differ by case alone are two.
        self.assertIn('"~^Acme$" c1;\n  "~^acme$" c2;', text)
        for line in ('"p1|c2|12" app;', '"p1|c1|" app;', '"p1||13" $share_3;', '"p4||" $share_4;'):
            self.assertIn(line, text)
        self.assertIn('split_clients "$gw_client" $share_3 {\n  20.00% app;\n  * legacy;', text)

    def test_a_share_of_tracks_is_told_apart_by_the_track(self) -> None:
        text = render(Plan().with_move(Move(1, DETAILS, "acme", share=12.5, by="track")))
        self.assertIn('split_clients "$asked_track" $share_1 {\n  12.50% app;', text)

    def test_nobody_has_to_be_asked_about_a_path_that_is_moved_whole_and_alone(self) -> None:
        whole = Plan().with_move(Move(1, TRACKS))
        self.assertIn('"p4|" 1;', render(whole))
        self.assertNotIn('"p4|" 1;', render(whole.with_share(1, 99.99)))
        beside = Plan().with_move(Move(1, DETAILS)).with_move(Move(2, DETAILS, "acme", share=5.0, by="track"))
        self.assertNotIn('"p1|" 1;', render(beside))

    def test_the_compared_share_may_be_nothing_and_all(self) -> None:
        self.assertIn("10.00% 1;", render(Plan()))
        self.assertNotIn("split_clients", render(Plan().with_shadow(0)))
        self.assertIn('map $move_path $is_sampled {\n  default "";\n  "~." 1;', render(Plan().with_shadow(MOST_SHARE)))

    def test_every_variable_that_nginx_conf_reads_is_there_whatever_is_moved(self) -> None:
        template = (ROOT / "nginx.conf").read_text()
        ours = {"moved_to", "is_sampled", "asks_nobody", "moves_version"}
        self.assertLessEqual(ours, set(re.findall(r"\$(\w+)", template)))
        for plan in (Plan(), Plan().with_shadow(0), Plan().with_move(Move(1, DETAILS))):
            made = set(re.findall(r"^(?:map|split_clients) .* \$(\w+) \{", render(plan), re.MULTILINE))
            self.assertEqual(ours - made, set())
