"""What is answered when Kafka doesn't acknowledge."""

from app.logs.delivery import NotPublished, RecordTooLarge
from tests.unit.app.bench import AppCase


class KafkaAwayTest(AppCase):
    def test_what_was_never_produced_says_no_and_what_may_be_stored_says_unknown(self) -> None:
        for kept, code in (("no", 7001), ("unknown", 7003)):
            self.publisher.failure = NotPublished("_MSG_TIMED_OUT", kept)  # type: ignore[arg-type]
            reply = self.post_logs(self.log())
            self.assertEqual((reply.status_code, reply.headers["X-Kept"]), (503, kept))
            self.assertGreater(int(reply.headers["Retry-After"]), 0)
            self.assertEqual(reply.get_json()["error"]["code"], code)
            self.assertNotIn("X-Receipt", reply.headers)

    def test_an_unknown_fate_tells_the_sender_to_repeat_with_the_same_key(self) -> None:
        self.publisher.failure = NotPublished("no answer", "unknown")
        self.assertIn("Idempotency-Key", self.post_logs(self.log()).get_json()["error"]["message"])

    def test_a_busy_process_asks_for_a_short_pause(self) -> None:
        self.publisher.failure = NotPublished("busy", "no")
        self.assertEqual(self.post_logs(self.log()).headers["Retry-After"], "1")

    def test_a_record_that_the_topic_does_not_take_is_413(self) -> None:
        self.publisher.failure = RecordTooLarge()
        reply = self.post_logs(self.log())
        self.publisher.failure = None
        self.assert_refused(reply, 413)

    def test_it_is_counted_by_reason(self) -> None:
        self.publisher.failure = NotPublished("_MSG_TIMED_OUT", "unknown")
        self.post_logs(self.log())
        self.assertEqual(self.metrics.total("publish.failed", "reason:msg_timed_out", "stream:preview"), 1)
