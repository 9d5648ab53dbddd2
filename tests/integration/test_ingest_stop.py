"""How the web process starts, refuses to start, and stops."""

import os
import signal
import threading
import unittest

from devstack.topics import create_play_logs
from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


class StopTest(unittest.TestCase):
    def setUp(self) -> None:
        # One worker: ready means that it has started, and hears signals.
        self.rig = IngestRig({"DRAIN_SECONDS": "2", "WEB_WORKERS": "1"}, has_nginx=False)
        self.addCleanup(self.rig.stop)
        self.rig.start()

    def test_sigterm_turns_ready_false_serves_on_and_loses_no_accepted_request(self) -> None:
        answered: list[int] = []
        refused = threading.Event()

        def send() -> None:
            while not refused.is_set():
                try:
                    answered.append(self.rig.post(body_of(log())).status)
                except OSError:
                    refused.set()

        sender = threading.Thread(target=send)
        sender.start()
        eventually(lambda: len(answered) > 10, "requests are taken")
        self.rig.service.child.ask_to_stop()
        self.rig.wait_until_unready()
        self.assertEqual(self.rig.ready()[1], ["This instance is stopping."])
        at_least = len(answered) + 10
        eventually(lambda: len(answered) > at_least, "requests are taken while it drains")
        self.assertEqual(self.rig.service.child.wait(15), 0)
        sender.join(15)
        self.assertEqual(set(answered), {200})
        # A request whose reply was cut off may be there as well; none that was answered is missing.
        self.assertIn(sum(self.rig.ends().values()) - len(answered), (0, 1))

    def test_a_second_signal_skips_the_wait(self) -> None:
        self.rig.service.child.ask_to_stop()
        self.rig.wait_until_unready()
        self.rig.service.child.ask_to_stop()
        self.assertEqual(self.rig.service.child.wait(6), 0)

    def test_after_a_kill_nothing_is_left_and_the_next_start_is_ready(self) -> None:
        workers = self.rig.workers()
        os.kill(self.rig.service.child.pid, signal.SIGKILL)
        eventually(lambda: all(is_gone(pid) for pid in workers), "gunicorn's workers have ended")
        self.rig.service.restart()
        self.assertEqual(self.rig.post(body_of(log())).status, 200)

    def test_when_gunicorn_ends_by_itself_so_does_the_word(self) -> None:
        os.kill(self.rig.gunicorn(), signal.SIGKILL)
        self.assertEqual(self.rig.service.child.wait(15), 1)


class WrongSettingsTest(unittest.TestCase):
    def refused(self, rig: IngestRig) -> str:
        rig.service.launch()
        self.assertEqual(rig.service.child.wait(30), 78)
        return rig.service.child.log_path.read_text()

    def test_a_topic_that_loses_logs_stops_the_start_with_what_to_change(self) -> None:
        rig = IngestRig(has_nginx=False)
        self.addCleanup(rig.stop)
        create_play_logs(rig.stack.kafka.bootstrap, rig.topic)
        rig.set_topic("message.timestamp.type", "CreateTime")
        rig.set_topic("max.message.bytes", "1000000")
        said = self.refused(rig)
        self.assertIn("set message.timestamp.type to LogAppendTime", said)
        self.assertIn("set max.message.bytes to", said)

    def test_wrong_variables_stop_it_all_named_at_once(self) -> None:
        rig = IngestRig({"WEB_THREADS": "3", "RECEIPT_SECRET": "short"}, has_nginx=False)
        self.addCleanup(rig.stop)
        said = self.refused(rig)
        self.assertIn("WEB_THREADS", said)
        self.assertIn("RECEIPT_SECRET", said)
        self.assertNotIn("short", said)
