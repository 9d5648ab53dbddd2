"""The settings of `playlog report`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import group, setting
from common.converters import one_of, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings


def folder(value: str) -> Path:
    """A folder; it is made when it isn't there."""
    return Path(text(value))


@dataclass(frozen=True)
class ReportConfig:
    """Everything that a report reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    database: DatabaseUrl = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", secret=True)
    report_dir: Path = setting("REPORT_DIR", folder, "the folder of the reports, which gets a folder a day")
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, self.kafka, ("DATACENTRE_DB_URL", self.database))
