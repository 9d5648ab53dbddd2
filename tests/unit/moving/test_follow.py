"""The follower: nginx gets the newest map, keeps the last one without the database, and says what it refuses."""

import threading
import unittest

from moving.follow import AGAIN_SECONDS, REPORT_SECONDS, Follower
from moving.plan import Move, Plan
from tests.fakes.hand_clock import HandClock
from tests.fakes.map_books import FakeBooks, FakeNginx
from tests.recorded_metrics import RecordedMetrics


class FollowTest(unittest.TestCase):
    def setUp(self) -> None:
        self.books, self.nginx, self.clock = FakeBooks(), FakeNginx(), HandClock()
        self.metrics = RecordedMetrics()
        self.follower = Follower("one", self.books, self.nginx, self.clock, self.metrics)

    def move(self) -> None:
        version = self.books.plan.version + 1
        self.books.plan = self.books.plan.with_move(Move(version, "/1.2/track/details", track=str(version)))

    def test_the_newest_version_is_put_in_place_and_reported(self) -> None:
        self.follower.turn()
        self.move()
        self.follower.turn()
        self.assertEqual((self.nginx.version, self.follower.version), (1, 1))
        self.assertEqual(self.books.reports, [("one", 0, None), ("one", 1, None)])

    def test_what_is_served_already_is_not_put_again(self) -> None:
        self.move()
        for _ in range(5):
            self.follower.turn()
        self.assertEqual(self.nginx.tries, 1)

    def test_a_reload_that_was_killed_half_way_is_done_again(self) -> None:
        """The file was in place, the reload didn't come: nginx says what it serves."""
        self.move()
        self.follower.turn()
        self.nginx.version = 0
        self.follower.turn()
        self.assertEqual(self.nginx.version, 1)

    def test_going_back_is_a_version_like_any_other(self) -> None:
        self.move()
        self.follower.turn()
        self.books.plan = self.books.plan.without([1])
        self.follower.turn()
        self.assertEqual(self.nginx.version, 2)
        self.assertIn('"p1||1" app;', self.nginx.taken[0])
        self.assertNotIn('"p1||1" app;', self.nginx.taken[-1])

    def test_without_the_database_the_last_map_stays(self) -> None:
        self.move()
        self.follower.turn()
        self.books.is_away = True
        self.move()
        with self.assertLogs("moving.follow", "WARNING") as logged:
            for _ in range(3):
                self.follower.turn()
        self.assertEqual(len(logged.output), 1)
        self.assertEqual((self.nginx.version, self.follower.is_away), (1, True))
        self.books.is_away = False
        self.follower.turn()
        self.assertEqual((self.nginx.version, self.follower.is_away), (2, False))

    def test_a_map_that_nginx_refuses_is_reported_and_tried_again_later(self) -> None:
        self.nginx.refuses = "nginx: [emerg] unknown directive"
        self.move()
        with self.assertLogs("moving.follow", "ERROR"):
            self.follower.turn()
        self.follower.turn()
        self.assertEqual(self.nginx.tries, 1)
        self.assertEqual(self.books.reports[-1], ("one", 0, "nginx: [emerg] unknown directive"))
        self.assertEqual(self.metrics.total("move.refused"), 1)
        self.clock.turn(AGAIN_SECONDS)
        self.nginx.refuses = ""
        self.follower.turn()
        self.assertEqual((self.nginx.version, self.books.reports[-1]), (1, ("one", 1, None)))

    def test_a_newer_map_than_the_refused_one_is_tried_at_once(self) -> None:
        self.nginx.refuses = "no"
        self.move()
        with self.assertLogs("moving.follow", "ERROR"):
            self.follower.turn()
        self.nginx.refuses = ""
        self.books.plan = Plan(2)
        self.follower.turn()
        self.assertEqual((self.nginx.version, self.follower.problem), (2, None))

    def test_it_says_that_it_lives_every_two_seconds(self) -> None:
        for _ in range(4):
            self.follower.turn()
        self.assertEqual(len(self.books.reports), 1)
        self.clock.turn(REPORT_SECONDS)
        self.follower.turn()
        self.assertEqual(len(self.books.reports), 2)

    def test_an_nginx_that_does_not_answer_is_not_reported_as_serving_anything(self) -> None:
        self.nginx.version = None
        self.follower.turn()
        self.assertEqual((self.books.reports, self.nginx.tries), ([], 0))
        self.assertIn("doesn't answer", str(self.follower.problem))

    def test_at_its_end_it_says_that_nobody_follows_here_any_more(self) -> None:
        stop = threading.Event()
        stop.set()
        self.follower.run(stop)
        self.assertEqual(self.books.left, ["one"])
