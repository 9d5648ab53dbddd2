"""Ports are free when they are chosen, and no two askers get the same."""

import socket
import unittest

from devstack.ports import HIGHEST_PORT, HOST, LOWEST_PORT, Ports, is_free
from devstack.process import ProcessFailed
from devstack.waiting import PORT_TRIES, wait_or_choose_again


def listen() -> socket.socket:
    """A server of somebody else's, on a port that the system chose."""
    server = socket.create_server((HOST, 0))
    server.listen()
    return server


class Choosing(unittest.TestCase):
    def test_the_preferred_port_is_taken_when_it_is_free(self) -> None:
        port = Ports().take()
        self.assertEqual(Ports().take(port), port)

    def test_another_port_is_taken_when_somebody_listens_on_the_preferred_one(self) -> None:
        with listen() as server:
            taken = server.getsockname()[1]
            self.assertFalse(is_free(taken))
            self.assertNotEqual(Ports().take(taken), taken)

    def test_no_port_is_given_twice(self) -> None:
        ports = Ports()
        first = ports.take()
        self.assertNotEqual(ports.take(first), first)
        self.assertTrue(LOWEST_PORT <= first <= HIGHEST_PORT)


class FakeServer:
    """Starts well once it has a port that nobody else listens on."""

    def __init__(self, *ports: int) -> None:
        self.ports = list(ports)
        self.launched: list[int] = []
        self.killed = 0

    def launch(self) -> None:
        self.launched.append(self.ports.pop(0))

    def wait_once(self) -> None:
        if not is_free(self.launched[-1]):
            raise ProcessFailed("address in use")

    def kill(self) -> None:
        self.killed += 1

    def listens_on(self) -> tuple[int, ...]:
        return (self.launched[-1],)


class ChoosingAgain(unittest.TestCase):
    def test_a_server_whose_port_was_taken_meanwhile_gets_another(self) -> None:
        with listen() as other:
            server = FakeServer(other.getsockname()[1], Ports().take())
            server.launch()
            wait_or_choose_again(server)
        self.assertEqual((len(server.launched), server.killed), (2, 1))

    def test_a_server_that_fails_for_another_reason_is_not_started_again(self) -> None:
        server = FakeServer(Ports().take())
        server.launch()
        server.wait_once = self.fail_to_start  # type: ignore[method-assign]
        with self.assertRaises(ProcessFailed):
            wait_or_choose_again(server)
        self.assertEqual(len(server.launched), 1)

    def test_a_server_is_not_tried_for_ever(self) -> None:
        with listen() as other:
            server = FakeServer(*[other.getsockname()[1]] * PORT_TRIES)
            server.launch()
            with self.assertRaises(ProcessFailed):
                wait_or_choose_again(server)
        self.assertEqual(len(server.launched), PORT_TRIES)

    def fail_to_start(self) -> None:
        raise ProcessFailed("no memory")
