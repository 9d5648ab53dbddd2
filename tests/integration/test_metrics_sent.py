"""What really arrives at an agent, from the request to the report: names, kinds and tags are those of the table."""

import unittest
from datetime import UTC, datetime
from typing import ClassVar

from common.metrics import METRICS
from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.metrics_agent import Agent
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

#: Tags whose values are numbers of a bounded kind; all others are lower-case words of ours.
NUMBERS = frozenset({"status", "partition"})
OF_TROUBLE = frozenset(
    # Sent when something goes wrong; the tests of that trouble look at them.
    {
        "logs.validators_disagree",
        "publish.failed",
        "persister.retries",
        "persister.fenced",
        "report.hook",
    }
)


class MetricsSentTest(unittest.TestCase):
    agent: ClassVar[Agent]
    persister: ClassVar[PersisterRig]
    rig: ClassVar[IngestRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)
        cls.persister = PersisterRig(partitions=6, overrides=cls.agent.settings())
        cls.addClassCleanup(cls.persister.close)
        topic = {"PLAY_LOGS_TOPIC": cls.persister.topic, "CONSUMER_GROUP": f"group-{cls.persister.topic}"}
        cls.rig = IngestRig({**topic, **cls.agent.settings()})
        cls.addClassCleanup(cls.rig.stop)
        cls.rig.start()
        cls.persister.start()

    def count_one_of_a_limited_client(self) -> None:
        key = self.rig.add_client(f"limited-{self.rig.topic}", "--limit", "10")
        eventually(lambda: self.rig.post(b"{", key=key).status == 400, "the new key is known", 5)

    def test_what_is_sent_is_in_the_table_and_what_is_in_the_table_is_sent(self) -> None:
        body = body_of(log(), log(userId="2"))
        for _ in range(2):
            reply = self.rig.post(body, Idempotency_Key="metrics-1")
            self.assertEqual(reply.status, 200, reply.data)
        self.assertEqual(self.rig.post(body_of(log(country="GBR"))).status, 400)
        self.assertEqual(self.rig.post(body_of(log()), key="Unknown%20key").status, 401)
        self.count_one_of_a_limited_client()
        self.assertEqual(self.rig.request("GET", "/1.2/secret-of-somebody", port=self.rig.service.port).status, 404)
        self.persister.produce_raw((b"no record of ours", []))
        eventually(lambda: self.agent.total("persister.rows_stored") == 2, "both logs are stored")
        eventually(lambda: self.agent.total("persister.duplicates") == 2, "the repeat is recognised")
        environ = {**self.agent.settings(), "PLAY_LOGS_TOPIC": self.persister.topic}
        today = datetime.now(UTC).date().isoformat()
        self.persister.run_word("report", "--date", today, "--provisional", **environ)
        self.persister.run_word("report", "--until-final", **environ)
        self.persister.run_word("ledger", **environ)
        # Those of the catalogue and of moving URLs: test_measured.py of their suites.
        missing = {name for name in METRICS if not name.startswith(("catalogue.", "move."))} - OF_TROUBLE
        eventually(lambda: {each.name for each in self.agent.measured()} >= missing, f"each of {missing} is sent")
        for each in self.agent.measured():
            metric = METRICS[each.name]
            tags = dict(tag.split(":", 1) for tag in each.tags)
            self.assertEqual((each.kind, set(tags)), (metric.kind, set(metric.tags)), each)
            for name, value in tags.items():
                self.assertRegex(value, r"^\d{1,3}$" if name in NUMBERS else r"^[a-z][a-z_-]*$", each)
        self.assertEqual(self.agent.total("logs.accepted", "stream:preview"), 4)
        self.assertEqual(self.agent.total("http.requests", "status:200"), 2)
        self.assertEqual(self.agent.total("http.requests", "status:400"), 2)
        self.assertEqual(self.agent.total("http.requests", "status:404", "stream:none"), 1)
        self.assertEqual(self.agent.total("persister.dead_letters"), 1)
