"""The settings of the words that only read the data centre: ledger, receipt and status."""

from dataclasses import dataclass

from common.config import group, setting
from common.converters import one_of, secret, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings


@dataclass(frozen=True)
class ReaderConfig:
    """The database, as a user who may read it without listeners' data, and Kafka."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    database: DatabaseUrl = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", secret=True)
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, self.kafka, ("DATACENTRE_DB_URL", self.database))


@dataclass(frozen=True)
class ReceiptConfig:
    """The same, and the secret under which receipts are signed."""

    receipt_secret: str = setting("RECEIPT_SECRET", secret, "the secret that signs receipts", secret=True)
    reader: ReaderConfig = group(ReaderConfig)
