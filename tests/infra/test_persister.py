"""The persister's unit, killed and restarted under load: each log counts once all the same."""

import itertools
import random
import threading
import time

from tests.infra.infra_case import InfraCase
from tests.infra.yesterday import connect_to
from tests.integration.topic_rig import eventually

SEND_LOGS = 1_000
UNIT = "playlog-consumer"
WAYS = ("kill -s KILL", "restart", "kill -s KILL")
STORED_SECONDS = 90


class PersisterTest(InfraCase):
    def test_killed_and_restarted_under_load_it_loses_and_doubles_nothing(self) -> None:
        with self.rig.host("persister", self.rig.green()) as host:
            had, is_over = self.stored(), threading.Event()
            sent: list[int] = []
            load = threading.Thread(target=self.send_until, args=(is_over, sent))
            load.start()
            try:
                for way in WAYS:
                    # At another moment of its work each time.
                    time.sleep(random.uniform(1.0, 2.0))
                    self.assertEqual(host.inside("sh", "-c", f"systemctl {way} {UNIT}").returncode, 0)
            finally:
                is_over.set()
                load.join()
            wanted = had + sum(sent)
            self.assertGreater(len(sent), len(WAYS))
            eventually(lambda: self.stored() >= wanted, f"{wanted} logs are stored", STORED_SECONDS)
            self.assertEqual(self.stored(), wanted)
            restarts = host.inside("systemctl", "show", "-p", "NRestarts", "--value", UNIT).stdout
            self.assertGreaterEqual(int(restarts), 1)
            ledger = self.rig.stack.run_word("ledger")
            self.assertEqual(ledger.returncode, 0, ledger.stdout + ledger.stderr)

    def send_until(self, is_over: threading.Event, sent: list[int]) -> None:
        """Sends SEND_LOGS logs again and again; notes how many were accepted."""
        for seed in itertools.count(1):
            logs = self.rig.stack.run_word("sample", "--logs", str(SEND_LOGS), "--seed", str(seed)).stdout
            done = self.rig.stack.run_word("send", "-", "--no-progress", "--batch", "50", stdin=logs)
            assert done.returncode == 0, done.stdout + done.stderr
            sent.append(SEND_LOGS)
            if is_over.is_set():
                return

    def stored(self) -> int:
        """The logs of the client that sends."""
        connection = connect_to(self.rig.stack)
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM play_log WHERE client = 'demo'")
            found = int(cursor.fetchall()[0][0])
        connection.close()
        return found
