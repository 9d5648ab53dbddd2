"""A batch that the broker calls too large: what isn't too large by itself is published all the same."""

from confluent_kafka import KafkaError

from app.logs.delivery import Published, RecordTooLarge
from app.logs.producer import BATCH_BYTES
from app.logs.publisher import SECOND_TRY_SECONDS
from app.logs.topic_watch import TopicFacts
from tests.unit.app.publisher_case import PublisherCase

LIMIT = 20_000


class RefusedBatchTest(PublisherCase):
    def setUp(self) -> None:
        super().setUp()
        self.producer.code = KafkaError.MSG_SIZE_TOO_LARGE
        self.topic.on_look = self.see_the_new_limit

    def see_the_new_limit(self) -> None:
        self.topic.facts = TopicFacts("topic-id", 6, LIMIT)

    def test_a_record_that_travels_alone_is_too_large_itself(self) -> None:
        with self.assertRaises(RecordTooLarge):
            self.publish(b"x" * (BATCH_BYTES + 1))
        self.assertEqual((len(self.producer.produced), self.topic.looks), (1, 0))

    def test_a_small_neighbour_goes_through_a_producer_with_smaller_batches(self) -> None:
        self.assertEqual(self.publish(b"x" * 1000), Published("topic-id", 3, 1))
        self.assertEqual([len(each.produced) for each in self.made], [1, 1])
        self.assertLess(self.producer.batch_bytes, LIMIT)

    def test_the_one_that_is_larger_than_the_new_limit_is_refused_and_not_produced_again(self) -> None:
        with self.assertRaises(RecordTooLarge):
            self.publish(b"x" * LIMIT)
        self.assertEqual([len(each.produced) for each in self.made], [1])

    def test_refused_twice_it_keeps_nothing_and_may_come_again(self) -> None:
        self.topic.on_look = lambda: None
        self.assert_kept("no", "batch too large")
        self.assertEqual((len(self.producer.produced), self.topic.looks), (2, 1))

    def test_no_second_try_when_the_first_took_long_or_the_look_did(self) -> None:
        """Both together have to stay within the reply's deadline."""
        self.topic.on_look = lambda: self.clock.turn(SECOND_TRY_SECONDS + 0.1)
        self.assert_kept("no", "batch too large")
        self.producer.hold = True
        waiting = self.publish_aside(1)[0]
        self.clock.turn(SECOND_TRY_SECONDS + 0.1)
        self.producer.release()
        self.assertIn("batch too large", str(waiting.exception(5)))
        self.assertEqual((len(self.producer.produced), self.topic.looks), (2, 1))
