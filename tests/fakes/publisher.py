"""A publisher that keeps the records it is given, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.logs.delivery import Published
from common.records import Headers, RequestRecord, read_record

TOPIC_ID = "Hu/vDRGXRtG9Yc3o0kq2Wg"


@dataclass
class FakePublisher:
    """Acknowledges every record, or fails as it is told to."""

    records: list[RequestRecord] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)
    failure: Exception | None = None
    topic_id: str = TOPIC_ID
    problems: Sequence[str] = ()

    def publish(self, stream: str, value: bytes, headers: Headers) -> Published:
        if self.failure is not None:
            raise self.failure
        # What the persister would refuse fails here.
        record = read_record(headers, value)
        assert record.stream == stream
        self.records.append(record)
        self.values.append(value)
        return Published(self.topic_id, 0, len(self.records) - 1)
