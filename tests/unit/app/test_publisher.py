"""The publisher on a fake producer: acknowledged, refused at once, or unknown."""

from confluent_kafka import KafkaError, KafkaException

from app.logs.delivery import Published
from tests.unit.app.publisher_case import PLACES, PublisherCase


class PublisherTest(PublisherCase):
    def test_it_returns_where_the_acknowledged_record_is(self) -> None:
        self.assertEqual(self.publish(b"abc"), Published("topic-id", 3, 1))
        self.assertEqual(self.producer.produced[0].value, b"abc")
        self.assertEqual(self.metrics.total("publish.ack_time", "stream:preview"), 0)

    def test_an_acknowledgement_without_an_offset_is_none(self) -> None:
        for offset in (-1002, -1001, -2):
            self.producer.offset = offset
            self.assert_kept("unknown", "no offset")

    def test_offset_0_is_an_offset(self) -> None:
        self.producer.offset = -1
        self.assertEqual(self.publish().offset, 0)

    def test_an_error_after_produce_says_unknown(self) -> None:
        for code in (
            KafkaError._MSG_TIMED_OUT,
            KafkaError._PURGE_INFLIGHT,
            KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        ):
            self.producer.code = code
            self.assert_kept("unknown", KafkaError(code).name())

    def test_a_full_queue_keeps_nothing(self) -> None:
        self.producer.refusal = BufferError()
        self.assert_kept("no", "queue full")

    def test_a_refusal_by_produce_keeps_nothing(self) -> None:
        self.producer.refusal = KafkaException(KafkaError(KafkaError._UNKNOWN_TOPIC))
        self.assert_kept("no", "_UNKNOWN_TOPIC")

    def test_a_missing_topic_keeps_nothing_and_asks_no_producer(self) -> None:
        self.topic.is_missing = True
        self.assert_kept("no", "the topic doesn't exist")
        self.assertEqual(self.producer.produced, [])

    def test_when_all_places_are_taken_the_next_one_hears_so_at_once(self) -> None:
        self.producer.hold = True
        waiting = self.publish_aside(PLACES)
        self.assert_kept("no", "busy")
        self.producer.release()
        self.assertEqual(len({each.result(5).offset for each in waiting}), PLACES)
        self.publish()

    def test_an_open_circuit_keeps_nothing_and_asks_no_producer(self) -> None:
        self.producer.hold = True
        waiting = self.publish_aside(1)
        self.clock.turn(1.5)
        self.assert_kept("no", "circuit open")
        self.assertEqual(len(self.producer.produced), 1)
        self.producer.release()
        waiting[0].result(5)
        self.publish()

    def test_the_circuit_opens_when_the_library_says_that_all_brokers_are_down(self) -> None:
        self.producer.on_error(KafkaError(KafkaError._TRANSPORT))
        self.publish()
        self.producer.on_error(KafkaError(KafkaError._ALL_BROKERS_DOWN))
        self.assert_kept("no", "circuit open")
