"""`playlog send -`: from a pipe, which can't be read twice."""

import io
import random
import threading
from pathlib import Path
from typing import cast

from client_tests.send_bench import URL, Bench, RecordedProgress, SendTest
from client_tests.sending_fakes import FakeServer, FakeTimer, Killed
from playlog_client.attempts import Attempts
from playlog_client.delivery import Delivery
from playlog_client.inputs import Inputs, open_inputs
from playlog_client.shipment import ship, tally_of
from playlog_client.state_file import BadState
from playlog_client.tally import Tally

LOGS = b'{"n":1}\n\n\nnonsense\n{"n":2}\n{"n":3}\n'


class PipeTest(SendTest):
    def setUp(self) -> None:
        super().setUp()
        self.server, self.progress = FakeServer(), RecordedProgress()
        self.spool = self.folder / "state.spool"

    def send(self, content: bytes, state: Path | None) -> Tally:
        pipe = cast(io.BufferedReader, io.BufferedReader(io.BytesIO(content)))
        keys = iter(f"pipe-key-{number}" for number in range(99))
        with open_inputs(["-"], state, URL, (lambda: next(keys), FakeTimer().now), pipe) as inputs:
            return self.ship(inputs)

    def ship(self, inputs: Inputs) -> Tally:
        attempts = Attempts(
            self.server, FakeTimer(), random.Random(1), tally_of(inputs), self.progress, threading.Event(), 600.0
        )
        delivery = Delivery(attempts, inputs.journal)
        return ship(inputs, delivery, 2, 1)

    def test_without_a_state_it_says_that_it_can_not_be_resumed(self) -> None:
        tally = self.send(LOGS, None)
        self.assertEqual(self.server.numbers, [1, 2, 3])
        self.assertEqual((tally.accepted, tally.refused), (3, 1))
        self.assertIn("can't be resumed", self.progress.notes[0])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_with_a_state_what_was_read_is_spooled_before_it_is_sent(self) -> None:
        self.server.faults = [Killed()]
        with self.assertRaises(Killed):
            self.send(LOGS, self.folder / "state")
        self.assertEqual(self.spool.read_bytes().split(b"\n")[:4], [b'{"n":1}', b"", b"", b"#"])

    def test_a_killed_send_is_finished_from_its_spool(self) -> None:
        self.server.faults = [self.server.act, Killed()]
        with self.assertRaises(Killed):
            self.send(LOGS, self.folder / "state")
        bench = Bench(self.server)
        tally = bench.send(self.spool, state=self.folder / "state")
        self.assertEqual(self.server.requests[1], self.server.requests[2])
        self.assertEqual(self.server.numbers, [1, 2, 3])
        self.assertEqual([each.line for each in bench.progress.refused], [4])
        self.assertEqual((tally.accepted_earlier, tally.accepted), (1, 2))

    def test_a_spool_of_a_pipe_that_was_not_read_to_its_end_says_so(self) -> None:
        self.server.faults = [Killed()]
        with self.assertRaises(Killed):
            self.send(LOGS, self.folder / "state")
        for _ in range(2):
            bench = Bench(self.server)
            bench.send(self.spool, state=self.folder / "state")
            self.assertIn("ended before its standard input did", bench.progress.notes[0])

    def test_a_spool_of_a_whole_pipe_is_finished_without_a_word(self) -> None:
        self.send(LOGS, self.folder / "state")
        bench = Bench(self.server)
        tally = bench.send(self.spool, state=self.folder / "state")
        self.assertEqual((tally.accepted_earlier, tally.refused, tally.sent), (3, 1, 0))
        self.assertEqual(bench.progress.notes, [])

    def test_a_state_that_is_there_already_is_not_used_for_another_pipe(self) -> None:
        self.send(LOGS, self.folder / "state")
        with self.assertRaisesRegex(BadState, r"Finish that by `playlog send .*state.spool --state .*state`"):
            self.send(LOGS, self.folder / "state")

    def test_a_spool_without_its_state_is_not_overwritten(self) -> None:
        self.spool.write_bytes(b"precious")
        with self.assertRaisesRegex(BadState, "is there, but not its state"):
            self.send(LOGS, self.folder / "state")
        self.assertEqual(self.spool.read_bytes(), b"precious")
