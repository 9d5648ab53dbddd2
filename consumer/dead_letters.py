"""Keeps what can't be stored, whole and with its reason, and notices when there is too much of it."""

import base64
import hashlib
import json
import logging
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from MySQLdb.connections import Connection

from common.database import rows, run
from consumer.batch import Headers
from consumer.booking import Booked
from consumer.trouble import Hold

logger = logging.getLogger(__name__)

#: Beyond this a value's place and SHA-256 are kept, not the value.
MAX_VALUE_BYTES = 1024 * 1024
MAX_HEADERS_BYTES = 60_000
MAX_REASON = 200

INSERT = """
    INSERT INTO dead_letter (topic, topic_id, partition_no, kafka_offset, item, request_id, client, stream, reason,
      value_zlib, value_bytes, value_sha256, headers_json, received_day, made_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, UTC_TIMESTAMP(6))"""
LAST_HOUR = """
    SELECT client, COUNT(*) FROM dead_letter
    WHERE made_at > UTC_TIMESTAMP(6) - INTERVAL 1 HOUR AND state = 'open' GROUP BY client"""


@dataclass(frozen=True)
class DeadLetter:
    """A record (item None) or one log of it, and why it couldn't be stored. The reason never quotes its data."""

    booked: Booked
    reason: str
    value: bytes | None
    item: int | None = None
    request_id: bytes | None = None
    client: str | None = None
    stream: str | None = None


class DeadLetters:
    """Writes dead letters in the caller's transaction.

    More than `limit` within an hour, those of the worst single client left out, hold the partition: then something is
    wrong with us rather than with a client. A single client's flood is kept, and named in an alert.
    """

    def __init__(self, topic: str, limit: int) -> None:
        self._topic, self._limit = topic, limit

    def write(self, connection: Connection, topic_id: str, partition: int, letters: Sequence[DeadLetter]) -> None:
        """Writes the letters. Raises Hold when there are too many, MySQLdb.Error for the rest."""
        if not letters:
            return
        self._weigh(connection, letters)
        for letter in letters:
            run(connection, INSERT, self._row(topic_id, partition, letter))

    def _weigh(self, connection: Connection, letters: Sequence[DeadLetter]) -> None:
        counts: Counter[str | None] = Counter(letter.client for letter in letters)
        for client, number in rows(connection, LAST_HOUR):
            assert isinstance(number, int)
            counts[None if client is None else str(client)] += number
        of_clients = {client: number for client, number in counts.items() if client is not None}
        worst = max(of_clients, key=lambda client: (of_clients[client], client), default=None)
        others = counts.total() - (of_clients[worst] if worst is not None else 0)
        if others > self._limit:
            raise Hold(
                f"{others} dead letters within an hour, those of the worst single client left out, are more than"
                f" DEAD_LETTER_LIMIT ({self._limit}). Look at table dead_letter, mend the cause, then start again; to"
                f" take so many in, start once with `playlog consume --allow-dead-letters {others}`."
            )
        if worst is not None and of_clients[worst] > self._limit:
            facts = {"client": worst, "letters": of_clients[worst]}
            logger.error("ALERT: %(letters)d dead letters of client %(client)s within an hour", facts, extra=facts)

    def _row(self, topic_id: str, partition: int, letter: DeadLetter) -> tuple[object, ...]:
        value, booked = letter.value, letter.booked
        packed = None if value is None else zlib.compress(value, 6)
        if packed is not None and len(packed) > MAX_VALUE_BYTES:
            packed = None
        return (
            self._topic,
            topic_id,
            partition,
            booked.offset,
            letter.item,
            letter.request_id,
            letter.client,
            letter.stream,
            letter.reason[:MAX_REASON],
            packed,
            None if value is None else len(value),
            None if value is None else hashlib.sha256(value).digest(),
            _headers_json(booked.headers),
            booked.received_day,
        )


def _headers_json(headers: Headers) -> bytes | None:
    pairs = [[name, None if data is None else base64.b64encode(data).decode()] for name, data in headers or ()]
    encoded = json.dumps(pairs).encode()
    return encoded if len(encoded) <= MAX_HEADERS_BYTES else None
