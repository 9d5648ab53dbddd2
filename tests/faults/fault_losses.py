"""The faults that destroy records in Kafka: the persister stops, names the loss, and goes on once it is declared."""

import json
import shutil
import time
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition

from common.receipts import topic_id_prefix
from consumer.topic import headers_of
from tests.faults.case import FaultCase
from tests.faults.load import Accepted

LOST = 50
#: Everything of today becomes yesterday's: the day has ended, and its report can be made.
A_DAY_EARLIER = """
UPDATE request SET received_day = received_day - INTERVAL 1 DAY, booked_at = booked_at - INTERVAL 1 DAY,
  appended_at = appended_at - INTERVAL 1 DAY;
UPDATE play_log SET received_day = received_day - INTERVAL 1 DAY, received_at = received_at - INTERVAL 1 DAY;
UPDATE day_cut SET day = day - INTERVAL 1 DAY ORDER BY day;
UPDATE gap SET declared_at = declared_at - INTERVAL 1 DAY;
UPDATE consumer_offset SET floor = floor - INTERVAL 1 DAY, open_day = open_day - INTERVAL 1 DAY;
"""


def place_of(accepted: Accepted) -> tuple[str, int, int]:
    """Topic id prefix, partition and offset, as the receipt says them."""
    _, topic, partition, offset, *_ = accepted.receipt.split(".")
    return topic, int(partition), int(offset)


class LossTest(FaultCase):
    def stopped(self) -> str:
        """The persister has refused to go on; what it said."""
        child = self.scene.persisters[-1]
        self.eventually(lambda: not child.is_running(), "the persister has stopped")
        self.assertEqual(child.status(), 1)
        return self.scene.log_of(child)

    def assert_final_with_loss(self, records: int | None) -> None:
        """The day's report says so, once the day is over."""
        scene = self.scene
        folder = Path(scene.stack.environ("report")["REPORT_DIR"])
        shutil.rmtree(folder, ignore_errors=True)
        scene.persisters[-1].stop()
        scene.sql(A_DAY_EARLIER)
        scene.start_persister()
        day = scene.sql("SELECT UTC_DATE() - INTERVAL 1 DAY")[0][0]
        count = len(scene.ends())
        topic_id = scene.view.describe(scene.topic)[0]
        cuts = f"SELECT COUNT(*) FROM day_cut WHERE day = '{day}' AND topic_id = '{topic_id}'"
        self.eventually(lambda: int(scene.sql(cuts)[0][0]) == count, "the day is cut in every partition")
        scene.word("report", "--date", day)
        # The copy in the client's own folder is that client's part alone.
        manifest = json.loads((folder / day / "manifest.json").read_text())
        self.assertEqual(manifest["state"], "final-with-loss")
        if records is not None:
            self.assertEqual(sum(each["records"] for each in manifest["proof"]["losses"]), records)

    def test_records_are_deleted_beyond_the_saved_offset(self) -> None:  # G13
        scene = self.begin()
        scene.persisters[-1].stop()
        ((position,),) = scene.sql(
            f"SELECT next_offset FROM consumer_offset WHERE topic = '{scene.topic}' AND partition_no = 0"
        )
        stored = int(position)
        self.eventually(lambda: scene.view.ends(scene.topic, [0])[0] > stored + LOST + 20, "there is enough to lose")
        with self.fault():
            place = TopicPartition(scene.topic, 0, stored + LOST)
            scene.admin.delete_records([place])[place].result(10)
            scene.start_persister()
            said = self.stopped()
        self.assertIn(f"{LOST} records of partition 0 are gone: wanted offset {stored}, the oldest left is", said)
        range_ = (str(stored), str(stored + LOST))
        scene.word("consume", "accept-loss", scene.topic, "0", *range_, "--reason", "deleted by a test")
        scene.start_persister()
        self.mended_at = time.monotonic()
        recovered = self.recover()
        gone = frozenset(
            each.request_id
            for each in scene.senders.accepted
            if place_of(each)[1] == 0 and stored <= place_of(each)[2] < stored + LOST
        )
        self.assertEqual(len(gone), LOST)
        self.settle(f"{LOST} records deleted beyond the saved offset", recovered, gone)
        self.assert_final_with_loss(LOST)

    def test_the_topic_is_made_again(self) -> None:
        scene = self.begin()
        scene.persisters[-1].stop()
        old = topic_id_prefix(scene.view.describe(scene.topic)[0])
        scene.run_on(3)
        with self.fault():
            scene.admin.delete_topics([scene.topic])[scene.topic].result(10)
            scene.run_on(3)
            scene.make_topic()
            self.eventually(lambda: scene.topic in scene.admin.list_topics(timeout=10).topics, "there is a new one")
            scene.start_persister()
            said = self.stopped()
        self.assertIn("was made again", said)
        kept = {row[0].lower() for row in scene.sql("SELECT HEX(request_id) FROM request")}
        scene.word("consume", "adopt-topic", scene.topic, "--reason", "made again by a test")
        scene.start_persister()
        self.mended_at = time.monotonic()
        recovered = self.recover()
        scene.senders.stop()
        kept |= self.in_topic()
        gone = frozenset(each.request_id for each in scene.senders.accepted if each.request_id not in kept)
        self.assertTrue(gone)
        self.assertEqual({place_of(each)[0] for each in scene.senders.accepted if each.request_id in gone}, {old})
        self.settle("the topic deleted and made again", recovered, gone)
        self.assert_final_with_loss(None)

    def in_topic(self) -> set[str]:
        """The request ids of all records that the topic has."""
        scene = self.scene
        ends = scene.ends()
        settings = {"bootstrap.servers": scene.stack.kafka.bootstrap, "group.id": f"look-{scene.topic}"}
        consumer = Consumer({**settings, "enable.auto.commit": False, "auto.offset.reset": "error", "log_level": 0})
        consumer.assign([TopicPartition(scene.topic, number, 0) for number in ends])
        found: set[str] = set()
        read = 0
        try:
            while read < sum(ends.values()):
                message = consumer.poll(10)
                assert message is not None, f"{read} of {ends} were read"
                headers = dict(headers_of(message.headers()) or ())
                found.add((headers["request-id"] or b"").decode().replace("-", ""))
                read += 1
        finally:
            consumer.close()
        return found
