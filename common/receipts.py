"""Receipts: where an accepted request's record is, signed, so that only its sender and we can ask what became of it."""

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from common.keyed_hash import KeyedHash
from common.records import CLIENT_NAME_RULE

VERSION = "1"
#: Characters of the topic's id: enough to tell a topic that was made again.
TOPIC_ID_PREFIX = 8
#: Bytes of the signature that are kept: 128 bits.
SIGNATURE_BYTES = 16
#: Stands for the topic while its id isn't known.
UNKNOWN = "none"

_SHAPE = re.compile(
    rf"1\.(?P<topic>[A-Za-z0-9_-]{{{TOPIC_ID_PREFIX}}}|{UNKNOWN})\.(?P<partition>[0-9]{{1,6}})"
    rf"\.(?P<offset>[0-9]{{1,19}})\.(?P<request>[0-9a-f]{{32}})\.(?P<client>{CLIENT_NAME_RULE})"
    r"\.(?P<signature>[A-Za-z0-9_-]{22})",
    re.ASCII,
)


def topic_id_prefix(topic_id: str) -> str:
    """The beginning of a topic's id, without the two characters of base64 that a URL can't hold as they are."""
    return topic_id[:TOPIC_ID_PREFIX].replace("+", "-").replace("/", "_")


@dataclass(frozen=True)
class Receipt:
    """What a receipt says."""

    topic_id_prefix: str | None
    partition: int
    offset: int
    request_id: UUID
    client: str


class Place(Protocol):
    """Where a record is: app.logs.delivery.Published."""

    @property
    def topic_id(self) -> str: ...

    @property
    def partition(self) -> int: ...

    @property
    def offset(self) -> int: ...


class Receipts:
    """Writes and reads receipts. All parts but the signature are plain: an operator can read them."""

    def __init__(self, secret: str) -> None:
        self._hash = KeyedHash(secret.encode())

    def write(self, published: Place, request_id: UUID, client: str) -> str:
        """The receipt of one record: text that needs no escaping in a URL."""
        topic = topic_id_prefix(published.topic_id) or UNKNOWN
        text = f"{VERSION}.{topic}.{published.partition}.{published.offset}.{request_id.hex}.{client}"
        return f"{text}.{self._sign(text)}"

    def read(self, text: str, client: str | None = None) -> Receipt | None:
        """What the receipt says; None when it is forged or damaged, or, if a client is given, another one's."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        signed = text[: found.start("signature") - 1]
        if not hmac.compare_digest(self._sign(signed), found["signature"]):
            return None
        if client is not None and found["client"] != client:
            return None
        return Receipt(
            None if found["topic"] == UNKNOWN else found["topic"],
            int(found["partition"]),
            int(found["offset"]),
            UUID(found["request"]),
            found["client"],
        )

    def _sign(self, text: str) -> str:
        digest = self._hash(text.encode())[:SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
