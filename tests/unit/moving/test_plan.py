"""What can be moved, which move decides about a request, and what the database keeps of it."""

import unittest

from app.tracks.making import READERS
from moving.plan import PATHS, BadPlan, Move, Plan, natural_by, plan_bytes, read_plan

DETAILS, RELEASE = "/1.2/track/details", "/1.2/release/details"


class MoveTest(unittest.TestCase):
    def test_what_can_be_moved_is_what_ours_answers(self) -> None:
        self.assertEqual(set(PATHS), set(READERS))

    def test_what_can_not_be_is_named_with_the_rule(self) -> None:
        for arguments, rule in (
            ({"path": "/1.2/artist/details"}, "ours answers /1.2/track/details,"),
            ({"path": DETAILS, "client": "a b"}, "no client's name"),
            ({"path": DETAILS, "client": 'x" app; #'}, "no client's name"),
            ({"path": DETAILS, "track": "012"}, "without leading zeros"),
            ({"path": DETAILS, "track": "1|2"}, "without leading zeros"),
            ({"path": RELEASE, "track": "12"}, "only /1.2/track/details names one track"),
            ({"path": DETAILS, "share": 0.0}, "from 0.01 to 100 percent"),
            ({"path": DETAILS, "share": 100.5}, "from 0.01 to 100 percent"),
            ({"path": DETAILS, "share": 0.005}, "two decimals"),
            ({"path": DETAILS, "by": "listener"}, "by client or by track"),
            ({"path": DETAILS, "client": "acme", "share": 5.0}, "a share of one client is by track"),
            ({"path": DETAILS, "track": "12", "share": 5.0, "by": "track"}, "a share of its clients is by client"),
            ({"path": RELEASE, "share": 5.0, "by": "track"}, "a share of another path is by client"),
        ):
            with self.subTest(arguments), self.assertRaisesRegex(BadPlan, rule):
                Move(1, **arguments)

    def test_a_share_of_what_was_moved_whole_can_be_said_without_saying_by_what(self) -> None:
        for client, track, by in (("acme", None, "track"), ("acme", "12", "client"), (None, None, "client")):
            self.assertEqual(natural_by(DETAILS, client, track), by)
        whole = Move(1, DETAILS, "acme", by=natural_by(DETAILS, "acme", None))
        self.assertEqual(Plan(moves=(whole,)).with_share(1, 5.0).move(1).share, 5.0)
        self.assertEqual(natural_by(RELEASE, "acme", None), "client")

    def test_it_says_in_words_what_it_is_about(self) -> None:
        self.assertEqual(Move(1, DETAILS, "acme", "12").about(), "/1.2/track/details of acme for track 12")
        self.assertEqual(Move(1, DETAILS, share=5.0).about(), "/1.2/track/details, 5 % by client")


class PlanTest(unittest.TestCase):
    def setUp(self) -> None:
        self.plan = (
            Plan()
            .with_move(Move(1, DETAILS, "acme", "12"))
            .with_move(Move(2, DETAILS, "acme", share=10.0, by="track"))
            .with_move(Move(3, DETAILS, None, "12"))
            .with_move(Move(4, DETAILS))
        )

    def found(self, path: str, client: str, track: str) -> int | None:
        move = self.plan.find(path, client, track)
        return None if move is None else move.number

    def test_the_move_that_says_most_about_a_request_decides(self) -> None:
        self.assertEqual(self.found(DETAILS, "acme", "12"), 1)
        self.assertEqual(self.found(DETAILS, "acme", "13"), 2)
        self.assertEqual(self.found(DETAILS, "other", "12"), 3)
        self.assertEqual(self.found(DETAILS, "other", "13"), 4)
        self.assertEqual(self.found(DETAILS, "Acme", "13"), 4)
        self.assertIsNone(self.found(RELEASE, "acme", "12"))

    def test_two_about_the_same_are_one_too_many(self) -> None:
        with self.assertRaisesRegex(BadPlan, "move 1 is about the same"):
            self.plan.with_move(Move(9, DETAILS, "acme", "12"))

    def test_each_change_is_a_version_more(self) -> None:
        self.assertEqual(self.plan.version, 4)
        less = self.plan.with_share(4, 20.0)
        self.assertEqual((less.version, less.move(4).share, self.plan.move(4).share), (5, 20.0, 100.0))
        gone = less.without([1, 3])
        self.assertEqual((gone.version, [move.number for move in gone.moves]), (6, [2, 4]))
        self.assertEqual((gone.with_shadow(0).version, gone.with_shadow(0).shadow), (7, 0))

    def test_what_is_not_there_is_named_beside_what_is(self) -> None:
        for change in (lambda: self.plan.move(7), lambda: self.plan.without([7]), lambda: self.plan.with_share(7, 5.0)):
            with self.assertRaisesRegex(BadPlan, "there is no move 7: 1, 2, 3, 4"):
                change()
        with self.assertRaisesRegex(BadPlan, "from 0 to 100 percent"):
            self.plan.with_shadow(101)

    def test_it_is_read_back_as_it_was_written(self) -> None:
        self.assertEqual(read_plan(4, plan_bytes(self.plan)), self.plan)

    def test_anything_else_is_refused_with_its_version(self) -> None:
        for data in (b"", b"[]", b"{}", b'{"moves":[{"path":"/x","number":1}],"shadow":1}', b'{"moves":1,"shadow":2}'):
            with self.subTest(data), self.assertRaisesRegex(BadPlan, "version 3 of the map can't be read"):
                read_plan(3, data)
