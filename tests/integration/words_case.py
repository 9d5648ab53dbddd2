"""What the tests of the words that read share: a topic, an otherwise empty database, and a Kafka that is away."""

import json
import subprocess
import unittest
import uuid
from typing import Any

from common.receipts import Receipts
from tests.integration.persister_rig import PersisterRig


class Where:
    """A record's place, as the app knows it."""

    def __init__(self, topic_id: str, offset: int, partition: int = 0) -> None:
        self.topic_id, self.partition, self.offset = topic_id, partition, offset


class AwayTopics:
    """Kafka that doesn't answer."""

    def describe(self, topic: str) -> tuple[str, int]:
        raise TimeoutError

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        raise TimeoutError


class WordsCase(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = PersisterRig()
        self.addCleanup(self.rig.close)
        # These words look at the whole database, in which other tests have left the books of other topics.
        tables = ("request", "play_log", "day_cut", "gap", "consumer_offset", "persister", "dead_letter", "replay")
        self.rig.as_root(";".join(f"DELETE FROM {table}" for table in tables))

    def word(self, name: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environ = {"PLAY_LOGS_TOPIC": self.rig.topic, "CONSUMER_GROUP": f"group-{self.rig.topic}"} | changes
        return self.rig.run_word(name, *arguments, **environ)

    def document(self, name: str, *arguments: str) -> Any:
        done = self.word(name, *arguments, "--json")
        self.assertTrue(done.stdout, done.stderr)
        return json.loads(done.stdout)

    def receipt(self, offset: int, request_id: uuid.UUID, client: str, topic_id: str | None = None) -> str:
        secret = self.rig.stack.environ("receipt")["RECEIPT_SECRET"]
        where = Where(self.rig.topic_id if topic_id is None else topic_id, offset)
        return Receipts(secret).write(where, request_id, client)
