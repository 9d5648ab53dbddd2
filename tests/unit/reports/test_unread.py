"""Counting what Kafka still has: by headers, up to a limit, and without waiting for records that are none."""

import unittest
from datetime import UTC, date, datetime
from typing import Any, cast

from confluent_kafka import KafkaError

from reports.ledger.unread import Records, Unread, count_unread

NOON = int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp() * 1000)
DAY = date(2026, 11, 25)
ACME = (DAY, "acme", "preview", False)


class Message:
    """A fake of confluent_kafka.Message."""

    def __init__(
        self, offset: int, headers: list[tuple[str, bytes]] | None = None, error: KafkaError | None = None
    ) -> None:
        self._offset, self._headers, self._error = offset, headers, error

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset

    def error(self) -> KafkaError | None:
        return self._error

    def timestamp(self) -> tuple[int, int]:
        return 2, NOON

    def headers(self) -> list[tuple[str, bytes]] | None:
        return self._headers


def ours(offset: int, logs: int = 2) -> Message:
    return Message(offset, [("client", b"acme"), ("stream", b"preview"), ("count", str(logs).encode())])


class Script:
    """Gives what a test says, then nothing; a clock that turns a second with each empty look."""

    def __init__(self, *messages: Message) -> None:
        self._messages = list(messages)
        self.now = 0.0

    def consume(self, num_messages: int, timeout: float) -> Any:
        given, self._messages = self._messages[:num_messages], self._messages[num_messages:]
        if not given:
            self.now += 1.0
        return given


class UnreadTest(unittest.TestCase):
    def count(self, end: int, *messages: Message, limit: int = 100) -> Unread:
        script = Script(*messages)
        return count_unread(cast(Records, script), {0: (3, end)}, limit, lambda _: None, lambda: script.now)

    def test_logs_and_records_are_counted_by_their_headers(self) -> None:
        found = self.count(6, ours(3), ours(4, logs=500), Message(5, [("client", b"\xff")]))
        self.assertEqual((found.logs[ACME], found.records[ACME]), (502, 2))
        self.assertEqual((found.total, found.uncounted), (3, {}))

    def test_what_has_no_headers_is_a_record_of_nobody(self) -> None:
        found = self.count(5, Message(3), Message(4, [("count", b"x")]))
        self.assertEqual(dict(found.records), {(DAY, None, None, False): 2})
        self.assertEqual(found.logs.total(), 0)

    def test_beyond_the_limit_offsets_are_named_and_not_counted(self) -> None:
        found = self.count(9, *(ours(offset) for offset in range(3, 9)), limit=2)
        self.assertEqual((found.total, found.uncounted), (2, {0: 4}))

    def test_a_mark_at_the_end_is_no_record(self) -> None:
        found = self.count(5, ours(3), Message(5, error=KafkaError(KafkaError._PARTITION_EOF)))
        self.assertEqual((found.total, found.uncounted), (1, {}))

    def test_what_came_after_the_end_was_asked_for_is_left_out(self) -> None:
        found = self.count(4, ours(3), ours(4))
        self.assertEqual((found.total, found.uncounted), (1, {}))

    def test_records_that_never_come_are_named_in_the_end(self) -> None:
        found = self.count(6, ours(3), Message(4, error=KafkaError(KafkaError.OFFSET_OUT_OF_RANGE)))
        self.assertEqual((found.total, found.uncounted), (1, {0: 2}))
        self.assertEqual(len(found.problems), 1)
