"""When a new producer takes over, and how the topic's limit is kept."""

from app.logs.delivery import Published, RecordTooLarge
from app.logs.limits import MAX_RECORD_BYTES
from app.logs.producer import BATCH_BYTES
from app.logs.topic_watch import TopicFacts
from tests.fakes.kafka_producer import fatal
from tests.unit.app.publisher_case import PublisherCase


class NewProducerTest(PublisherCase):
    def test_a_fatal_producer_is_replaced_and_the_record_goes_to_the_new_one(self) -> None:
        self.producer.refusal = fatal()
        self.assertEqual(self.publish(), Published("topic-id", 3, 1))
        self.assertEqual([len(each.produced) for each in self.made], [0, 1])

    def test_what_an_old_producer_still_holds_is_reported(self) -> None:
        self.producer.hold = True
        waiting = self.publish_aside(1)
        self.producer.refusal = fatal()
        self.publish()
        self.made[0].release()
        self.assertEqual(waiting[0].result(5).offset, 1)

    def test_the_size_is_checked_against_the_topic_before_producing(self) -> None:
        self.topic.facts = TopicFacts("topic-id", 6, 20_000)
        with self.assertRaises(RecordTooLarge):
            self.publish(b"x" * 20_000)
        self.publish(b"x" * 19_000)
        self.assertEqual([len(each.value) for each in self.producer.produced], [19_000])

    def test_before_the_topic_was_seen_the_limit_is_ours(self) -> None:
        self.topic.facts = None
        with self.assertRaises(RecordTooLarge):
            self.publish(b"x" * MAX_RECORD_BYTES)
        self.assertEqual(self.publish().topic_id, "")

    def test_a_topic_that_takes_less_than_a_batch_gets_smaller_batches(self) -> None:
        self.publish()
        self.topic.facts = TopicFacts("topic-id", 6, 5_000)
        self.publish()
        self.publish()
        self.assertEqual([each.batch_bytes for each in self.made], [BATCH_BYTES, 5_000 - 256])
