"""A sender on a server and a clock that are not real."""

from pathlib import Path
from typing import Any

from client_tests.send_bench import SendTest
from client_tests.sending_fakes import FakeServer, FakeTimer
from playlog_client import Options, Sender

URL = "http://127.0.0.1:1"
ROOT = Path(__file__).parents[1]


class SenderCase(SendTest):
    def setUp(self) -> None:
        super().setUp()
        self.server, self.timer = FakeServer(), FakeTimer()

    def sender(self, server: FakeServer | None = None, stream: str = "preview", **options: Any) -> Sender:
        given = Options(**({"connections": 1, "most_logs": 10} | options))
        sender = Sender(
            URL, "k", self.folder / "queue", stream=stream, options=given,
            transport=server or self.server, timer=self.timer,
        )  # fmt: skip
        self.addCleanup(sender.close)
        return sender

    def restart(self, sender: Sender, **options: Any) -> Sender:
        """As after a kill: another process opens the queue."""
        sender.close()
        return self.sender(**options)
