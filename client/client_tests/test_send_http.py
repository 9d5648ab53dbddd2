"""`playlog send` over real HTTP on the loopback address, and killed for real."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from client_tests.loopback import Posted, start
from client_tests.send_bench import SendTest, write_logs
from client_tests.sending_fakes import FakeServer, refusal
from playlog_client.__main__ import main
from playlog_client.batch import Request
from playlog_client.transport import HttpTransport, NotReached
from playlog_client.verdict import Reply

ROOT = Path(__file__).parents[1]


class CommandTest(SendTest):
    def setUp(self) -> None:
        super().setUp()
        self.fake = FakeServer()
        self.server = start(self, lambda posted: self.fake.post(posted.request))

    def playlog_send(self, *arguments: str, url: str | None = None, key: str = "demo/key") -> tuple[int, str, str]:
        """Exit status, standard output and standard error of `playlog send`."""
        out, err = io.StringIO(), io.StringIO()
        environ = {"PLAYLOG_URL": self.server.url if url is None else url, "PLAYLOG_KEY": key}
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(["send", *arguments], environ)
        return status, out.getvalue(), err.getvalue()

    def test_logs_are_posted_as_the_contract_says(self) -> None:
        receipts = self.folder / "receipts"
        status, out, err = self.playlog_send(
            str(write_logs(self.file, 1100)), "--country", "XK", "--receipts", str(receipts)
        )
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(self.fake.numbers, list(range(1, 1101)))
        posted = self.server.posted[0]
        self.assertEqual(urlsplit(posted.path).path, "/1.2/user/preview/log")
        self.assertEqual(parse_qs(urlsplit(posted.path).query), {"country": ["XK"]})
        self.assertEqual(posted.headers["Authorization"], 'OAuth oauth_consumer_key="demo%2Fkey"')
        self.assertEqual(posted.headers["Content-Type"], "application/json")
        self.assertEqual(posted.headers["Content-Encoding"], "gzip")
        self.assertEqual(sorted(receipts.read_text().split()), ["receipt-1", "receipt-2", "receipt-3"])
        self.assertIn(
            "sent 1,100 logs in 3 requests: accepted 1,100, refused 0, given up 0; 0 retried\nlast 200 at", out
        )

    def test_connections_are_used_again(self) -> None:
        self.playlog_send(str(write_logs(self.file, 100)), "--batch", "2", "--connections", "3", "--no-gzip")
        self.assertEqual(len(self.server.posted), 50)
        self.assertLessEqual(len(self.server.connections), 3)
        self.assertNotIn("Content-Encoding", self.server.posted[0].headers)

    def test_refused_logs_are_listed_on_standard_output(self) -> None:
        status, out, _ = self.playlog_send(str(write_logs(self.file, 5, n2="trackId")), "--no-progress")
        self.assertEqual(status, 1)
        self.assertIn(f"{self.file}:2: /logs/1/trackId [type] must be better\n", out)
        self.assertEqual(self.fake.numbers, [1, 3, 4, 5])

    def test_a_refused_key_ends_with_a_sentence_and_what_to_do(self) -> None:
        self.fake.faults = [refusal(401, message="Access denied")]
        status, out, err = self.playlog_send(str(write_logs(self.file, 5)))
        self.assertEqual(status, 1)
        self.assertIn("the key is not accepted (401: Access denied). Check PLAYLOG_KEY or --key.\nRun the same", err)
        self.assertNotIn("demo", out + err)

    def test_a_settlement_is_noted_and_nothing_is_sent_until_the_command_is_run_without_it(self) -> None:
        # Run again after a send that was killed, the old answer would be taken for one about the last try.
        self.fake.faults = [refusal(500)]
        file = str(write_logs(self.file, 5))
        self.assertEqual(self.playlog_send(file)[0], 1)
        key = self.fake.keys[0]
        status, out, _ = self.playlog_send(file, "--settle", f"{key}=kept")
        self.assertEqual((status, len(self.server.posted)), (0, 1))
        self.assertIn("without --settle", out)
        status, out, _ = self.playlog_send(file)
        self.assertEqual((status, len(self.server.posted)), (0, 1))
        self.assertIn("no batch of this state has the key x", self.playlog_send(file, "--settle", "x=kept")[2])

    def test_wrong_usage_is_told_before_anything_is_done(self) -> None:
        file = str(write_logs(self.file, 1))
        for arguments, url, key, said in (
            ((file,), "", "k", "set PLAYLOG_URL"),
            ((file,), self.server.url, "", "set PLAYLOG_KEY"),
            ((file,), "127.0.0.1:80", "k", "the URL must be http://"),
            ((file,), "http://h?oauth_consumer_key=k", "k", "without a query"),
            ((file, "-"), self.server.url, "k", "goes alone"),
            ((file, file), self.server.url, "k", "named twice"),
            ((str(self.folder / "absent"),), self.server.url, "k", "No such file"),
        ):
            status, _, err = self.playlog_send(*arguments, url=url, key=key)
            self.assertEqual(status, 2, said)
            self.assertIn(said, err)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["logs.jsonl"])


class TransportTest(SendTest):
    def post(self, url: str, timeout_seconds: float = 10.0) -> Reply:
        with contextlib.closing(HttpTransport(url, "k", connections=1, timeout_seconds=timeout_seconds)) as way:
            return way.post(Request(b"{}", {}))

    def kept(self, url: str, timeout_seconds: float = 10.0) -> str:
        with self.assertRaises(NotReached) as caught:
            self.post(url, timeout_seconds)
        self.assertNotIn("http", str(caught.exception))
        return caught.exception.kept

    def test_a_redirect_is_not_followed(self) -> None:
        server = start(self, lambda _: Reply(302, {"Location": "/elsewhere"}))
        self.assertEqual(self.post(server.url).status, 302)
        self.assertEqual(len(server.posted), 1)

    def test_a_connection_that_never_was_has_kept_nothing(self) -> None:
        server = start(self, lambda _: None)
        server.shutdown()
        server.server_close()
        self.assertEqual(self.kept(server.url), "no")

    def test_a_connection_that_breaks_or_is_silent_may_have_kept_it(self) -> None:
        over = threading.Event()
        self.addCleanup(over.set)

        def silent(_: Posted) -> None:
            over.wait(10)

        self.assertEqual(self.kept(start(self, lambda _: None).url), "unknown")
        self.assertEqual(self.kept(start(self, silent).url, timeout_seconds=0.05), "unknown")


class KillTest(SendTest):
    def test_killed_between_the_saved_key_and_the_reply_it_goes_on_with_the_same_key(self) -> None:
        arrived, killed = threading.Event(), threading.Event()
        fake = FakeServer()

        def keep_and_hang(posted: Posted) -> Reply | None:
            reply = fake.post(posted.request)
            if arrived.is_set():
                return reply
            arrived.set()
            killed.wait(20)
            return None

        server = start(self, keep_and_hang)
        write_logs(self.file, 30)
        command = [
            sys.executable,
            "-m",
            "playlog_client",
            "send",
            str(self.file),
            "--batch",
            "10",
            "--connections",
            "1",
        ]
        environ = {**os.environ, "PLAYLOG_URL": server.url, "PLAYLOG_KEY": "k"}
        with subprocess.Popen(command, cwd=ROOT, env=environ) as process:
            self.assertTrue(arrived.wait(20))
            process.kill()
        killed.set()
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(fake.requests[0], fake.requests[1])
        self.assertEqual(len({json.dumps(logs) for logs in fake.kept.values()}), 3)
        self.assertEqual(fake.numbers, list(range(1, 31)))
