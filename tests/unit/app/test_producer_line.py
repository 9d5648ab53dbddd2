"""The producer's thread: every request hears of its record, whatever fails beside it."""

import logging
import unittest

from app.logs.circuit import Circuit
from app.logs.delivery import Delivery
from app.logs.producer import Line
from tests.fakes.hand_clock import HandClock
from tests.fakes.kafka_producer import FakeProducer, FakeReport


class BrokenProducer(FakeProducer):
    """A poll fails after it has handed over its reports, as one does in which a callback raises."""

    def poll(self, timeout: float) -> int:
        served = super().poll(timeout)
        if served:
            raise RuntimeError("a callback failed")
        return served


class LineTest(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.circuit = Circuit(HandClock())

    def delivery(self, line: Line) -> Delivery:
        ticket = self.circuit.enter()
        assert ticket is not None
        return Delivery(self.circuit, ticket, line.note)

    def test_reports_that_came_before_a_callback_failed_are_told(self) -> None:
        line = Line(BrokenProducer(1000, lambda _: None), 1000, lambda: None)
        self.addCleanup(line.close, 1)
        waiting = [self.delivery(line) for _ in range(3)]
        for each in waiting:
            line.produce("play-logs", b"{}", [], each)
        self.assertEqual([each.wait(5) for each in waiting], [True] * 3)
        self.assertEqual(self.circuit.waiting, 0)

    def test_a_report_wakes_nobody_before_the_poll_that_brings_it_ends(self) -> None:
        """So that all of a batch are noted first."""
        line = Line(FakeProducer(1000, lambda _: None), 1000, lambda: None)
        line.close(1)
        delivery = self.delivery(line)
        delivery(None, FakeReport(3, 7))  # type: ignore[arg-type]
        self.assertFalse(delivery.wait(0))
        line.close(1)
        self.assertTrue(delivery.wait(0))
        self.assertEqual((delivery.partition, delivery.offset), (3, 7))
