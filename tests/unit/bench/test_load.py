"""The senders of a load: every reply is counted, and a wrong one ends the run."""

import socket
import threading
import unittest
from collections.abc import Callable
from contextlib import suppress

from bench.load import Load, LoadFailed, Measured
from devstack.ports import HOST

BODY = b"x" * 300_000
REQUEST = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
RIGHT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers each whole request with what it is told, in pieces if wanted."""

    def __init__(self, answer: Callable[[int], list[bytes]]) -> None:
        self._answer = answer
        self.answered = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                left = len(REQUEST)
                while left:
                    data = connection.recv(left)
                    if not data:
                        return
                    left -= len(data)
                with self._lock:
                    self.answered += 1
                    pieces = self._answer(self.answered)
                for piece in pieces:
                    connection.sendall(piece)
                if not pieces:
                    return


class LoadTest(unittest.TestCase):
    def run_against(self, answer: Callable[[int], list[bytes]]) -> tuple[Measured, int]:
        server = Server(answer)
        self.addCleanup(server.close)
        load = Load((HOST, server.port), 3, [REQUEST], lambda head, body: b" 200 " in head and body == b"{}")
        return load.run(0.02, 0.1), server.answered

    def test_every_reply_is_counted_and_what_was_begun_is_waited_for(self) -> None:
        measured, answered = self.run_against(lambda _: [RIGHT])
        self.assertEqual(measured.acknowledged, answered)
        self.assertLess(0, len(measured.latencies))
        self.assertLess(len(measured.latencies), answered)

    def test_a_reply_in_pieces_is_one_reply(self) -> None:
        measured, answered = self.run_against(lambda _: [RIGHT[:20], RIGHT[20:-1], RIGHT[-1:]])
        self.assertEqual(measured.acknowledged, answered)

    def test_one_wrong_reply_among_many_ends_the_run(self) -> None:
        wrong = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
        with self.assertRaisesRegex(LoadFailed, "503 Busy"):
            self.run_against(lambda number: [wrong if number == 20 else RIGHT])

    def test_a_connection_that_is_closed_instead_of_a_reply_ends_the_run(self) -> None:
        with self.assertRaisesRegex(LoadFailed, "closed"):
            self.run_against(lambda number: [] if number == 5 else [RIGHT])


class MeasuredTest(unittest.TestCase):
    def test_percentiles_and_rates_are_of_the_measured_time(self) -> None:
        measured = Measured(2.0, 120, [number / 1000 for number in range(100, 0, -1)])
        self.assertEqual(measured.requests_per_second, 50)
        self.assertAlmostEqual(measured.milliseconds(0.5), 51)
        self.assertAlmostEqual(measured.milliseconds(0.99), 100)

    def test_two_halves_are_one_whole(self) -> None:
        whole = Measured(1.0, 12, [0.1] * 10) + Measured(1.0, 23, [0.2] * 20)
        self.assertEqual((whole.seconds, whole.acknowledged, whole.requests_per_second), (2.0, 35, 15.0))
