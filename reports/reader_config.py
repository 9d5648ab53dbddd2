"""The settings of the words that only read the data centre: ledger, receipt and status."""

from dataclasses import dataclass
from pathlib import Path

from common.config import group, setting
from common.converters import secret, text, whole
from common.datacentre import Datacentre
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings
from reports.config import folder


@dataclass(frozen=True)
class ReaderConfig:
    """The database, as a user who may read it without listeners' data, and Kafka."""

    datacentre: Datacentre = group(Datacentre)
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.datacentre.environment, self.kafka)


@dataclass(frozen=True)
class LedgerConfig:
    """The same, and where the metric goes that says whether it balances."""

    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    reader: ReaderConfig = group(ReaderConfig)


@dataclass(frozen=True)
class StatusConfig:
    """The same, and where the reports are, to which the page leads."""

    report_dir: Path | None = setting("REPORT_DIR", folder, "the folder of the reports, to link to", None)
    reader: ReaderConfig = group(ReaderConfig)


@dataclass(frozen=True)
class ReceiptConfig:
    """The same, and the secret under which receipts are signed."""

    receipt_secret: str = setting("RECEIPT_SECRET", secret, "the secret that signs receipts", secret=True)
    reader: ReaderConfig = group(ReaderConfig)
