"""Takes brokers' answers to a question for offsets only where they are answers."""

from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException

#: The lowest end or start of a partition.
LOWEST = 0
#: The answer to a question for a moment after which nothing was appended.
NOTHING_SINCE = -1


def answered(offsets: Mapping[int, int], lowest: int) -> dict[int, int]:
    """The offsets by partition, as given. Raises KafkaException when one of them is below `lowest`.

    librdkafka (2.16.0) fills in -1001, and no error, for a partition whose leader didn't answer in time.
    """
    for partition, offset in offsets.items():
        if offset < lowest:
            text = f"the brokers told no offset of partition {partition} ({offset})"
            raise KafkaException(KafkaError(KafkaError._NO_OFFSET, text))
    return dict(offsets)
