"""What waits to be compared: bounded, and what doesn't fit or waits too long is counted."""

import socket
import threading
import unittest

from moving.comparator.inbox import MOST_AGE_SECONDS, Inbox, Waiting
from moving.comparator.told import Told
from moving.comparator.workers import Pace
from tests.fakes.hand_clock import HandClock
from tests.unit.moving.test_told import datagram, told


class WaitingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.waiting = Waiting(2, self.clock)

    def test_first_come_first_compared(self) -> None:
        one, two = told(request_id="1"), told(request_id="2")
        self.assertTrue(self.waiting.put(one) and self.waiting.put(two))
        self.assertEqual(len(self.waiting), 2)
        self.assertEqual(
            [self.waiting.take(0), self.waiting.take(0), self.waiting.take(0)], [(one, False), (two, False), None]
        )

    def test_what_does_not_fit_is_dropped_and_counted(self) -> None:
        self.assertEqual([self.waiting.put(told()) for _ in range(5)], [True, True, False, False, False])
        self.assertEqual((self.waiting.dropped, len(self.waiting)), (3, 2))

    def test_what_waited_too_long_is_dropped_and_counted(self) -> None:
        self.waiting.put(told())
        self.clock.turn(MOST_AGE_SECONDS + 1)
        self.assertIsNone(self.waiting.take(0))
        self.assertEqual(self.waiting.dropped, 1)

    def test_what_differed_comes_again_after_its_time_and_once(self) -> None:
        self.waiting.put_again(told(request_id="again"), 2.0)
        self.assertIsNone(self.waiting.take(0))
        self.clock.turn(2.0)
        found = self.waiting.take(0)
        assert found is not None
        self.assertEqual((found[0].request_id, found[1]), ("again", True))
        self.assertIsNone(self.waiting.take(0))

    def test_a_pace_gives_turns_at_equal_distances(self) -> None:
        pace = Pace(10, self.clock)
        self.assertEqual([round(pace.seconds_to_wait(), 3) for _ in range(3)], [0, 0.1, 0.2])
        self.clock.turn(10)
        self.assertEqual(pace.seconds_to_wait(), 0)


class InboxTest(unittest.TestCase):
    def test_datagrams_are_read_and_what_is_none_of_ours_is_counted(self) -> None:
        found: list[Told] = []
        both = threading.Event()

        def take(told: Told) -> None:
            found.append(told)
            if len(found) == 2:
                both.set()

        inbox = Inbox(("127.0.0.1", 0), take)
        inbox.start()
        self.addCleanup(inbox.stop)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for data in (datagram(request_id="1"), b"nonsense", datagram(request_id="2")):
                sender.sendto(data, ("127.0.0.1", inbox.port))
        self.assertTrue(both.wait(5))
        self.assertEqual([each.request_id for each in found], ["1", "2"])
        self.assertEqual((inbox.told, inbox.unreadable), (3, 1))

    def test_one_request_that_nobody_foresaw_ends_nothing(self) -> None:
        taken = threading.Event()

        def take(told: Told) -> None:
            if told.request_id == "odd":
                raise KeyError("odd")
            taken.set()

        inbox = Inbox(("127.0.0.1", 0), take)
        with self.assertLogs("moving.comparator.inbox", "ERROR"):
            inbox.start()
            self.addCleanup(inbox.stop)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for request_id in ("odd", "plain"):
                    sender.sendto(datagram(request_id=request_id), ("127.0.0.1", inbox.port))
            self.assertTrue(taken.wait(5))

    def test_what_the_socket_loses_is_counted(self) -> None:
        begun, go_on = threading.Event(), threading.Event()

        def take(_: Told) -> None:
            begun.set()
            go_on.wait(10)

        inbox = Inbox(("127.0.0.1", 0), take)
        inbox.start()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            place = ("127.0.0.1", inbox.port)
            sender.sendto(datagram(), place)
            self.assertTrue(begun.wait(5))
            # More than any receive buffer that this process may have, while nobody reads.
            large = datagram(target="/" + "x" * 60_000)
            for _ in range(400):
                sender.sendto(large, place)
            go_on.set()
            for _ in range(50):
                sender.sendto(datagram(), place)
                if inbox.lost:
                    break
                threading.Event().wait(0.05)
        inbox.stop()
        self.assertGreater(inbox.lost, 0)
