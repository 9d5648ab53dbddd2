"""A sender that is killed, works in the background, or is closed while the server is away."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from client_tests.loopback import Posted, start
from client_tests.sender_case import SenderCase
from client_tests.sending_fakes import FakeServer, Killed
from playlog_client import Options, Outcome, Sender
from playlog_client.batch import Request
from playlog_client.verdict import Reply

URL = "http://127.0.0.1:1"
ROOT = Path(__file__).parents[1]


class KillTest(SenderCase):
    """A kill at each step of a delivery: the next sender goes on, and every log counts once."""

    def test_killed_while_posting_it_goes_on_under_the_same_key(self) -> None:
        sender = self.sender()
        sender.put({"n": 1}, {"n": 2})

        def kept_and_killed(request: Request) -> Reply:
            self.server.take(request)
            raise Killed

        for fault in (Killed(), kept_and_killed):
            self.server.faults = [fault]
            with self.assertRaises(Killed):
                sender.flush()
            sender = self.restart(sender)
        self.assertEqual(sender.flush(), Outcome(2, 0, 0))
        self.assertEqual((len(set(self.server.keys)), self.server.numbers), (1, [1, 2]))

    def test_killed_between_the_refusal_and_the_rest_nothing_is_lost(self) -> None:
        sender = self.sender()
        sender.put({"n": 1, "bad": "x"}, {"n": 2})

        def take_then_die(request: Request) -> Reply:
            self.server.faults = [Killed()]
            return self.server.take(request)

        self.server.faults = [take_then_die]
        with self.assertRaises(Killed):
            sender.flush()
        sender = self.restart(sender)
        self.assertEqual(sender.flush(), Outcome(1, 0, 0))
        self.assertEqual((len(sender.refused()), self.server.numbers), (1, [2]))

    def test_a_real_kill_in_mid_put_and_mid_send_loses_nothing_that_was_put(self) -> None:
        fake, seen = FakeServer(), threading.Event()

        def slow(posted: Posted) -> Reply | None:
            reply = fake.post(posted.request)
            if len(fake.requests) == 3:
                seen.set()
                return None
            return reply

        server = start(self, slow)
        program = (
            "import sys; from playlog_client import Sender, Options\n"
            "s = Sender(sys.argv[1], 'k', sys.argv[2], options=Options(most_logs=5, age=0.01, connections=1)).start()\n"
            "for n in range(100000):\n    s.put({'n': n}); print(n, flush=True)\n"
        )
        argv = [sys.executable, "-c", program, server.url, str(self.folder / "queue")]
        with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            self.assertTrue(seen.wait(20))
            process.kill()
            assert process.stdout is not None
            put = [int(line) for line in process.stdout if line.endswith("\n")]
        sender = Sender(server.url, "k", self.folder / "queue")
        self.addCleanup(sender.close)
        self.assertIsNone(sender.flush().problem)
        self.assertEqual(fake.numbers, list(range(len(fake.numbers))))
        self.assertLessEqual(len(put), len(fake.numbers))
        self.assertLessEqual(len(fake.numbers), len(put) + 1)


class BackgroundTest(SenderCase):
    def test_it_sends_by_itself_and_a_last_time_when_it_is_closed(self) -> None:
        fake, enough = FakeServer(), threading.Event()

        def act(posted: Posted) -> Reply:
            reply = fake.post(posted.request)
            enough.set()
            return reply

        server = start(self, act)
        options = Options(most_logs=3, age=3600.0)
        with Sender(server.url, "k", self.folder / "queue", options=options).start() as sender:
            sender.put({"n": 1}, {"n": 2}, {"n": 3})
            self.assertTrue(enough.wait(20))
            sender.put({"n": 4})
        self.assertEqual(fake.numbers, [1, 2, 3, 4])

    def test_a_server_that_is_away_does_not_hold_up_the_end(self) -> None:
        options = Options(most_logs=1, age=0.01, give_up_after=3600.0)
        sender = Sender(URL, "k", self.folder / "queue", options=options).start()
        sender.put({"n": 1})
        began = datetime.now(UTC)
        sender.close()
        self.assertLess((datetime.now(UTC) - began).total_seconds(), 30)
        again = self.sender()
        self.assertEqual(len(again), 1)

    def test_a_receipt_can_be_asked_for(self) -> None:
        sender = Sender(start(self, lambda _: None).url, "k", self.folder / "queue")
        self.addCleanup(sender.close)
        # This server doesn't know the question.
        self.assertEqual(sender.receipt_state("r/1"), "unknown")
        with self.assertRaises(ValueError):
            self.sender_elsewhere().receipt_state("r")

    def sender_elsewhere(self) -> Sender:
        sender = Sender(URL, "k", self.folder / "elsewhere", transport=self.server)
        self.addCleanup(sender.close)
        return sender
