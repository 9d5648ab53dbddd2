"""The devstack itself: data outlive a kill, two stacks don't share a folder, and a stop leaves nothing running."""

import shutil
import signal
import tempfile
import unittest
from pathlib import Path

from common.config import load
from common.kafka import KafkaSettings, TopicView
from devstack.parts import Part
from devstack.process import ProcessFailed
from devstack.stack import Stack
from devstack.test_mark import NotMarked, mark_database, refuse_unmarked

STORES = frozenset({Part.KAFKA, Part.MARIADB})
DATABASE = frozenset({Part.MARIADB})


class StackTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="playlog-stack-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        # A clone lies anywhere: each part must take such a name whole, and put nothing beside it.
        self.home = folder / "it's häufig, #1 of 100% ♪"
        self.home.mkdir()
        self.addCleanup(lambda: self.assertEqual(list(folder.iterdir()), [self.home]))

    def start(self, parts: frozenset[Part]) -> None:
        self.stack = Stack(self.home, parts)
        self.addCleanup(self.stack.stop)
        self.stack.start()

    def topic_id(self) -> str:
        return TopicView(load(KafkaSettings, {"KAFKA_BOOTSTRAP": self.stack.kafka.bootstrap})).describe("play-logs")[0]

    def test_data_outlive_a_kill_and_a_stop_also_with_a_cluster_id_that_begins_with_a_hyphen(self) -> None:
        note = self.home / "etc" / "kafka-cluster-id"
        note.parent.mkdir()
        note.write_text("-wKj2mXQRzGZ0Yk1b2c3dA")
        self.start(STORES)
        # Without the test mark no load is sent to it.
        with self.assertRaisesRegex(NotMarked, "the Kafka cluster at .* has no topic playlog-test-mark"):
            refuse_unmarked(self.stack)
        self.stack.mariadb.execute(
            "CREATE TABLE playlog_region.kept (n INT); INSERT INTO playlog_region.kept VALUES (7)"
        )
        topic_id = self.topic_id()
        self.stack.mariadb.kill()
        self.stack.kafka.kill()
        self.stack.mariadb.restart()
        self.stack.kafka.restart()
        self.assertEqual(self.stack.mariadb.execute("SELECT n FROM playlog_region.kept").split(), ["7"])
        self.assertEqual(self.topic_id(), topic_id)
        children = [self.stack.mariadb.child, *(node.child for node in self.stack.kafka.nodes)]
        self.stack.stop()
        self.assertEqual([child.is_running() for child in children], [False, False])
        self.start(STORES)
        self.assertEqual(self.stack.mariadb.execute("SELECT n FROM playlog_region.kept").split(), ["7"])
        self.assertEqual(self.topic_id(), topic_id)

    def test_a_second_stack_in_the_same_folder_is_refused(self) -> None:
        self.start(DATABASE)
        with self.assertRaisesRegex(ProcessFailed, "runs already"):
            Stack(self.home, DATABASE).start()
        self.assertTrue(self.stack.mariadb.is_ready())

    def test_a_database_without_the_test_mark_is_left_alone(self) -> None:
        self.start(DATABASE)
        with self.assertRaisesRegex(NotMarked, "the database server at port .* has no schema playlog_test_mark"):
            refuse_unmarked(self.stack)
        mark_database(self.stack)
        refuse_unmarked(self.stack)

    def test_a_death_is_noticed(self) -> None:
        self.start(DATABASE)
        self.assertEqual(self.stack.dead(), [])
        self.stack.mariadb.child._signal_group(signal.SIGKILL)  # Not by us, as far as the stack knows.
        self.stack.mariadb.child.wait(10)
        self.assertEqual([child.name for child in self.stack.dead()], ["mariadb"])
