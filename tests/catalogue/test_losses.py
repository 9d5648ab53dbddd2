"""Records that are lost, and a topic that was made again: each ends with equal copies."""

import unittest
from typing import ClassVar

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from devstack.topics import create_catalogue
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.integration.topic_rig import eventually

ALBUMS = range(4007851, 4007855)


class LossesTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]
    admin: ClassVar[AdminClient]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        for album in ALBUMS:
            cls.rig.add_release(album)
        cls.rig.settled()
        cls.admin = AdminClient({"bootstrap.servers": cls.rig.stack.kafka.bootstrap, "log_level": 0})

    def stopped(self) -> str:
        """The sink has refused to go on; its last words."""
        child = self.rig.stack.sink.child
        eventually(lambda: not child.is_running(), "the sink has stopped")
        self.assertEqual(child.status(), 1)
        return child.log_tail()

    def declares(self, *arguments: str) -> str:
        done = self.rig.stack.run_word("catalogue-consume", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def cut(self, partition: int, offset: int) -> None:
        """Takes away the oldest records, up to an offset."""
        place = TopicPartition("catalogue", partition, offset)
        self.admin.delete_records([place])[place].result(10)

    def test_lost_records_stop_it_and_a_whole_load_brings_their_releases_back(self) -> None:
        rig, album = self.rig, ALBUMS[0]
        partition = album % rig.partitions
        rig.stack.sink.stop()
        rig.change(f"UPDATE catalogue_release SET title = 'Lost' WHERE release_id = {album}")
        place = "SELECT kafka_offset FROM catalogue_published WHERE release_id = %s AND version = %s"
        version = rig.version(album)
        eventually(lambda: bool(rig.source(place, album, version)), "the change is in the topic")
        ((offset,),) = rig.source(place, album, version)
        self.cut(partition, offset + 1)
        rig.stack.sink.launch()
        said = self.stopped()
        ((stored,),) = rig.region("SELECT next_offset FROM consumer_offset WHERE partition_no = %s", partition)
        way_out = f"catalogue-consume accept-loss catalogue {partition} {stored} {offset + 1} "
        self.assertIn(way_out, said)
        self.assertIn("publishes every release again", said)
        too_much = (str(partition), str(stored), str(offset + 2), "--reason", "too much")
        refused = rig.stack.run_word("catalogue-consume", "accept-loss", "catalogue", *too_much)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("isn't lost", refused.stderr)
        self.declares(*way_out.split()[1:], "--reason", "a test")
        rig.stack.sink.start()
        self.assertLess(rig.held(album) or (0, ""), (version, ""))
        rig.does("publish", "--all")
        rig.arrived(album)
        rig.assert_equal("--from-log")

    def test_a_topic_made_again_is_adopted_on_both_sides_and_what_is_gone_meanwhile_becomes_a_ghost(self) -> None:
        rig, stack, gone = self.rig, self.rig.stack, ALBUMS[1]
        stack.producer.stop()
        self.admin.delete_topics(["catalogue"])["catalogue"].result(10)
        eventually(lambda: "catalogue" not in self.admin.list_topics(timeout=5).topics, "the topic is gone")
        create_catalogue(stack.kafka.bootstrap, "catalogue", partitions=4)
        eventually(lambda: "catalogue" in self.admin.list_topics(timeout=5).topics, "there is a new one")
        rig.change(f"DELETE FROM catalogue_release WHERE release_id = {gone}")
        self.assertIn("catalogue-consume adopt-topic catalogue", self.stopped())
        stack.producer.launch()
        eventually(lambda: not stack.producer.child.is_running(), "the producer has stopped")
        self.assertIn("publish --all --adopt-topic", stack.producer.child.log_tail())
        rig.word("publish", "--all", "--adopt-topic", "--no-wait")
        stack.producer.start()
        self.declares("adopt-topic", "catalogue", "--reason", "made again by a test")
        stack.sink.start()
        rig.assert_equal("--from-log")
        self.assertIn((rig.held(gone) or (0, ""))[1], {"ghost", "takedown"})
        refused = stack.run_word("catalogue-consume", "adopt-topic", "catalogue", "--reason", "twice")
        self.assertIn("already", refused.stderr)
        # Whole, though rows of the former topic's other partitions are left.
        rig.wait_for_answer("release/details?releaseid=5&country=GB", lambda reply: reply.status_code == 404)
