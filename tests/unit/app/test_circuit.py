"""The circuit: open within a second when Kafka is silent, closed by the first answer."""

import unittest

from app.logs.circuit import Circuit, State, Ticket
from tests.fakes.hand_clock import HandClock


class CircuitTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        #: When Kafka last answered a question.
        self.seen_at = float("inf")
        self.circuit = Circuit(self.clock, lambda: self.seen_at)

    def enter(self) -> Ticket:
        ticket = self.circuit.enter()
        assert ticket is not None, self.circuit.state
        return ticket

    def stall(self) -> Ticket:
        """A record that waits for more than a second."""
        ticket = self.enter()
        self.clock.turn(1.1)
        self.assertIsNone(self.circuit.enter())
        return ticket

    def test_it_stays_closed_while_records_are_acknowledged_within_a_second(self) -> None:
        for _ in range(20):
            first, second = self.enter(), self.enter()
            self.clock.turn(0.9)
            self.circuit.answered(second)
            self.circuit.answered(first)
        self.assertEqual(self.circuit.state, State.CLOSED)

    def test_it_stays_closed_while_nothing_is_sent(self) -> None:
        self.circuit.answered(self.enter())
        self.clock.turn(3_600)
        self.enter()
        self.assertEqual(self.circuit.state, State.CLOSED)

    def test_it_opens_when_a_record_waits_for_more_than_a_second_and_nothing_is_acknowledged(self) -> None:
        self.stall()
        self.assertEqual(self.circuit.state, State.OPEN)

    def test_one_slow_partition_alone_does_not_open_it(self) -> None:
        self.enter()
        for _ in range(30):
            other = self.enter()
            self.clock.turn(0.3)
            self.circuit.answered(other)
        self.assertEqual(self.circuit.state, State.CLOSED)

    def test_it_opens_when_the_others_stop_being_acknowledged_too(self) -> None:
        self.enter()
        self.clock.turn(0.5)
        self.circuit.answered(self.enter())
        self.clock.turn(0.9)
        self.enter()
        self.clock.turn(0.2)
        self.assertIsNone(self.circuit.enter())

    def test_it_opens_at_once_when_all_brokers_are_down(self) -> None:
        self.circuit.brokers_down()
        self.assertIsNone(self.circuit.enter())
        self.assertEqual(self.circuit.state, State.OPEN)

    def test_half_open_lets_exactly_one_through(self) -> None:
        self.stall()
        self.clock.turn(1.0)
        self.enter()
        self.assertEqual(self.circuit.state, State.HALF_OPEN)
        self.clock.turn(5)
        self.assertIsNone(self.circuit.enter())

    def test_it_turns_half_open_only_after_kafka_has_answered_a_question_asked_since(self) -> None:
        self.seen_at = self.clock.monotonic()
        self.clock.turn(0.5)
        self.circuit.brokers_down()
        self.clock.turn(60)
        self.assertIsNone(self.circuit.enter())
        self.assertTrue(self.circuit.is_blind)
        self.seen_at = self.clock.monotonic()
        self.assertFalse(self.circuit.is_blind)
        self.circuit.given_up(self.enter())
        self.clock.turn(60)
        self.assertIsNone(self.circuit.enter())

    def test_it_is_blind_as_soon_as_kafka_is_silent(self) -> None:
        self.enter()
        self.clock.turn(1.1)
        self.assertTrue(self.circuit.is_blind)

    def test_it_stays_open_when_the_only_record_that_waited_is_given_up(self) -> None:
        """No other request came to this process meanwhile: nobody else would have opened it."""
        ticket = self.enter()
        self.clock.turn(1.1)
        self.seen_at = float("-inf")
        self.circuit.given_up(ticket)
        self.assertEqual(self.circuit.state, State.OPEN)
        self.assertTrue(self.circuit.is_blind)
        self.assertIsNone(self.circuit.enter())

    def test_a_record_that_never_left_does_not_open_it(self) -> None:
        self.circuit.given_up(self.enter())
        self.assertEqual(self.circuit.state, State.CLOSED)

    def test_a_probe_that_is_acknowledged_closes_it(self) -> None:
        self.circuit.brokers_down()
        self.clock.turn(1.0)
        self.circuit.answered(self.enter())
        self.assertEqual(self.circuit.state, State.CLOSED)
        self.enter()

    def test_a_probe_that_fails_opens_it_for_another_while(self) -> None:
        self.circuit.brokers_down()
        self.clock.turn(1.0)
        self.circuit.given_up(self.enter())
        self.assertIsNone(self.circuit.enter())
        self.clock.turn(1.0)
        self.enter()

    def test_a_late_acknowledgement_of_an_old_record_closes_it(self) -> None:
        old = self.stall()
        self.circuit.answered(old)
        self.enter()
        self.assertEqual(self.circuit.state, State.CLOSED)

    def test_old_records_given_up_do_not_close_it(self) -> None:
        old = self.stall()
        self.circuit.given_up(old)
        self.assertIsNone(self.circuit.enter())

    def test_old_records_given_up_do_not_end_the_probe(self) -> None:
        old = self.stall()
        self.clock.turn(1.0)
        self.enter()
        self.circuit.given_up(old)
        self.clock.turn(1.0)
        self.assertIsNone(self.circuit.enter())

    def test_brokers_lost_again_while_a_probe_is_under_way_let_no_second_one_through(self) -> None:
        self.circuit.brokers_down()
        self.clock.turn(1.0)
        self.enter()
        self.circuit.brokers_down()
        self.clock.turn(2.0)
        self.assertIsNone(self.circuit.enter())

    def test_it_counts_what_waits(self) -> None:
        first = self.enter()
        self.enter()
        self.assertEqual(self.circuit.waiting, 2)
        self.circuit.answered(first)
        self.assertEqual(self.circuit.waiting, 1)
