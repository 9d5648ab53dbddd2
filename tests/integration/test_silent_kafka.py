"""The link to Kafka falls silent: a web process says so before any request had to find out."""

import unittest

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.shared_stack import kafka_link, shared_stack
from tests.integration.topic_rig import eventually

#: The process's question fails after five seconds: this tells that it didn't wait for that.
UNREADY_SECONDS = 4.0
#: The connection of before is dead. It must not be waited for: librdkafka would for a minute.
READY_SECONDS = 15.0


class SilentKafkaTest(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(kafka_link().mend)
        self.rig = IngestRig({"KAFKA_BOOTSTRAP": shared_stack().kafka.far_bootstrap}, has_nginx=False)
        self.addCleanup(self.rig.stop)
        self.rig.start()

    def test_processes_without_a_request_turn_unready_within_seconds_and_recover(self) -> None:
        self.rig.wait_until_ready()
        kafka_link().cut()
        # Each question goes to one of the workers: all of them have to know.
        eventually(lambda: all(self.rig.ready()[0] == 503 for _ in range(20)), "no worker is ready", UNREADY_SECONDS)
        self.assertTrue(self.rig.is_alive())
        kafka_link().mend()
        eventually(lambda: all(self.rig.ready()[0] == 200 for _ in range(20)), "all are ready", READY_SECONDS)
        # The producer's own connection may be found dead by the first record.
        eventually(lambda: self.rig.post(body_of(log())).status == 200, "logs are taken again")
