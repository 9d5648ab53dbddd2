"""The link to Kafka falls silent: a web process says so before any request had to find out."""

import threading
import unittest

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.link import pass_on
from tests.integration.shared_stack import kafka_link, shared_stack
from tests.integration.topic_rig import eventually

#: The process's question fails after five seconds: this tells that it didn't wait for that.
UNREADY_SECONDS = 4.0
#: The connections of before are dead. They must not be waited for: librdkafka would for a minute.
READY_SECONDS = 15.0
TAKEN_SECONDS = 20.0
#: The kind of the last question of a look at the topic: DescribeConfigs.
LAST_QUESTION = b"\0\x20"


class Looks:
    """A tap that tells when the next look has ended: the link is cut between two looks, not within one."""

    def __init__(self) -> None:
        self._number: bytes | None = None
        self.has_ended = threading.Event()

    def __call__(self, data: bytes, is_client: bool) -> bytes:
        """A frame: its length (4 bytes); a request has its kind and version (2 each) then; the request's number (4)."""
        if is_client and data[4:6] == LAST_QUESTION:
            self._number = data[8:12]
        elif not is_client and data[4:8] == self._number:
            self.has_ended.set()
        return data


class SilentKafkaTest(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(kafka_link().mend)
        self.addCleanup(setattr, kafka_link(), "tap", pass_on)
        kafka_link().tap = self.looks = Looks()
        settings = {"KAFKA_BOOTSTRAP": shared_stack().kafka.far_bootstrap, "WEB_WORKERS": "1"}
        self.rig = IngestRig(settings, has_nginx=False)
        self.addCleanup(self.rig.stop)
        self.rig.start()

    def test_a_process_without_a_request_turns_unready_within_seconds_and_recovers(self) -> None:
        self.rig.wait_until_ready()
        self.looks.has_ended.clear()
        self.assertTrue(self.looks.has_ended.wait(READY_SECONDS))
        self.assertEqual(self.rig.ready()[0], 200)
        kafka_link().cut()
        eventually(lambda: self.rig.ready() == (503, ["Kafka doesn't answer."]), "it says so", UNREADY_SECONDS)
        self.assertTrue(self.rig.is_alive())
        kafka_link().mend()
        eventually(lambda: self.rig.ready()[0] == 200, "it is ready again", READY_SECONDS)
        # The first records may go to the producer's dead connection, which falls with its own question.
        eventually(lambda: self.rig.post(body_of(log())).status == 200, "logs are taken again", TAKEN_SECONDS)
