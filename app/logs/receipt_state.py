"""What became of the request that a receipt stands for, by Kafka's offsets alone."""

from dataclasses import dataclass
from typing import Literal

from app.logs.progress import Progress
from app.logs.topic_watch import TopicFacts
from common.receipts import Receipt, topic_id_prefix

State = Literal["acknowledged", "consumed"]

NO_TOPIC = "Kafka acknowledged the record before the topic's id was known: whether it was consumed can't be seen here."
OTHER_TOPIC = "The topic was made again since: whether the record was consumed can't be seen here."


@dataclass(frozen=True)
class ReceiptState:
    """Acknowledged: in Kafka. Consumed: the persister has stored it, or booked it as a duplicate or dead letter."""

    state: State
    remark: str | None = None


def receipt_state(receipt: Receipt, facts: TopicFacts, progress: Progress) -> ReceiptState:
    """The state of a request. Raises KafkaException when the brokers can't be asked."""
    if receipt.topic_id_prefix is None:
        return ReceiptState("acknowledged", NO_TOPIC)
    if receipt.topic_id_prefix != topic_id_prefix(facts.topic_id):
        return ReceiptState("acknowledged", OTHER_TOPIC)
    position = progress.committed(facts.partitions).get(receipt.partition)
    is_read = position is not None and position > receipt.offset
    return ReceiptState("consumed" if is_read else "acknowledged")
