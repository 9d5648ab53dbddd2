"""A bench on which the tests of `playlog send` send files to a server that is not real."""

import itertools
import json
import random
import tempfile
import threading
import unittest
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from client_tests.sending_fakes import FakeServer, FakeTimer
from playlog_client.attempts import Attempts
from playlog_client.delivery import Delivery
from playlog_client.entry import Refusal
from playlog_client.inputs import Inputs, open_inputs
from playlog_client.shipment import settle, ship, tally_of
from playlog_client.tally import Tally

URL = "http://127.0.0.1:1"


class SendTest(unittest.TestCase):
    """Has a folder, and the path of a file of logs in it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "logs.jsonl"
        self.state = self.folder / "logs.jsonl.playlog-state"


@dataclass
class RecordedProgress:
    """Keeps what it is told."""

    notes: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    logs: int = 0

    def advance(self, logs: int) -> None:
        self.logs += logs

    def note(self, text: str) -> None:
        self.notes.append(text)

    def list_refused(self, refused: Sequence[Refusal]) -> None:
        self.refused += refused

    def close(self) -> None:
        pass


class Bench:
    """Sends files by `ship` with all that is around it, except the real server, clock and terminal."""

    _keys = itertools.count(1)

    def __init__(self, server: FakeServer, *, most_logs: int = 10, connections: int = 1) -> None:
        self.server, self.most_logs, self.connections = server, most_logs, connections
        self.timer, self.progress = FakeTimer(), RecordedProgress()
        self.receipts: list[str] = []
        self.give_up_after_seconds = 600.0

    def send(self, *files: Path, state: Path | None = None, url: str = URL) -> Tally:
        """One run of `playlog send`."""
        with self._open(files, state, url) as inputs:
            attempts = Attempts(
                self.server,
                self.timer,
                random.Random(1),
                tally_of(inputs),
                self.progress,
                threading.Event(),
                self.give_up_after_seconds,
            )
            delivery = Delivery(attempts, inputs.journal, self.receipts.append)
            return ship(inputs, delivery, self.most_logs, self.connections)

    def settle(self, file: Path, key: str, *, kept: bool) -> None:
        """One run of `playlog send --settle`."""
        with self._open([file], None, URL) as inputs:
            settle(inputs, [(key, kept)], self.timer)

    def _open(self, files: Sequence[Path], state: Path | None, url: str) -> AbstractContextManager[Inputs]:
        make = (lambda: f"key-{next(self._keys)}", self.timer.now)
        return open_inputs([str(file) for file in files], state, url, make)


def write_logs(path: Path, count: int, **bad: str) -> Path:
    """Writes logs numbered from 1; bad={"n4": "trackId"} spoils the field of the fourth."""
    lines = [json.dumps({"n": n, "bad": bad.get(f"n{n}")}) for n in range(1, count + 1)]
    path.write_text("".join(line + "\n" for line in lines))
    return path
