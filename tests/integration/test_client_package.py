"""The partners' package on the real pipeline: killed in the middle, every log is in the database once."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from devstack.service import REPOSITORY
from playlog_client import Options, Sender
from tests.integration.ingest_case import IngestCase
from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import log
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

LOGS = 1_500
PROGRAM = """
import json, sys
from playlog_client import Options, Sender
sender = Sender(sys.argv[1], sys.argv[2], sys.argv[3], options=Options(most_logs=50, age=0.05)).start()
for number in range(int(sys.argv[4])):
    sender.put({**json.loads(sys.argv[5]), "userId": f"{sys.argv[6]}-{number}"})
    print(number, flush=True)
sender.close()
"""


class FolderCase(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="playlog-client-"))
        self.addCleanup(shutil.rmtree, self.folder)


class KilledSenderTest(FolderCase):
    """From the package to the table, through the app, Kafka and the persister."""

    def setUp(self) -> None:
        super().setUp()
        self.persister = PersisterRig(partitions=6)
        self.addCleanup(self.persister.close)
        topic = {"PLAY_LOGS_TOPIC": self.persister.topic, "CONSUMER_GROUP": f"group-{self.persister.topic}"}
        self.rig = IngestRig(topic)
        self.addCleanup(self.rig.stop)
        self.rig.start()
        self.persister.start()

    def test_killed_and_started_again_each_log_is_stored_once(self) -> None:
        url = f"http://127.0.0.1:{self.rig.port}"
        argv = [sys.executable, "-c", PROGRAM, url, self.rig.key, str(self.folder), str(LOGS), json.dumps(log()), "n"]
        with subprocess.Popen(argv, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if int(line) == LOGS // 3:
                    process.kill()
                    break
            put = LOGS // 3 + 1 + len([line for line in process.stdout if line.endswith("\n")])
        with Sender(url, self.rig.key, self.folder) as sender:
            self.assertIsNone(sender.flush().problem)
        # One more when it was killed between putting a log and saying so.
        eventually(lambda: self.persister.stored_rows() >= put, "what was put is stored")
        sql = "SELECT CONVERT(user_id USING utf8mb4) FROM play_log JOIN request USING (request_id) WHERE topic_id = %s"
        users = [user for (user,) in self.persister.rows(sql, self.persister.topic_id)]
        self.assertIn(len(users), {put, put + 1})
        self.assertEqual(sorted(users), sorted(f"n-{number}" for number in range(len(users))))
        items, stored, duplicate, dead, _ = self.persister.balance()
        self.assertEqual((items, stored, dead), (stored + duplicate, len(users), 0))


class StreamsTest(IngestCase, FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.url = f"http://127.0.0.1:{self.rig.port}"

    def kept(self) -> list[str]:
        """The listeners of this test's logs in the topic."""
        records = [record for record in self.rig.records() if record.stream == "subscription"]
        users = [str(item["userId"]) for record in records for item in record.items]
        return [user for user in users if user.startswith("subscriber")]

    def test_subscriptions_and_receipts(self) -> None:
        play = {name: value for name, value in log().items() if name != "playType"}
        options = Options(most_logs=20)
        with Sender(self.url, self.rig.key, self.folder, stream="subscription", options=options) as sender:
            sender.put(*(play | {"userId": f"subscriber {n % 3}", "releaseId": 1, "formatId": 17} for n in range(30)))
            sender.put(play | {"userId": "subscriber 0", "releaseId": 0, "formatId": 17})
            outcome = sender.flush()
            self.assertEqual((outcome.accepted, outcome.refused, outcome.problem), (30, 1, None))
            self.assertEqual(sender.refused()[0].reasons[0]["pointer"][-10:], "/releaseId")
            receipt = sender.receipts()[0][0]
            self.assertEqual(sender.receipt_state(receipt), "acknowledged")
            self.assertEqual(sender.receipt_state("forged"), "unknown")
        eventually(lambda: len(self.kept()) == 30, "they are in the topic")
