"""The doctor's settings: where it may look. What isn't set isn't looked at."""

from dataclasses import dataclass

from common.config import group, setting
from common.converters import one_of, text, whole
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings


@dataclass(frozen=True)
class DoctorConfig:
    """Everything that `playlog doctor` reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    region: DatabaseUrl | None = setting(
        "REGION_DB_URL", database_url, "the region database as mysql://USER@HOST:PORT/SCHEMA", None
    )
    region_password: str = setting("REGION_DB_PASSWORD", text, "the password of REGION_DB_URL's user", "", secret=True)
    datacentre: DatabaseUrl | None = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA", None
    )
    datacentre_password: str = setting(
        "DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", "", secret=True
    )
    url: str = setting("PLAYLOG_URL", text, "the API's address, as a sender knows it", "")
    drain_seconds: int = setting("DRAIN_SECONDS", whole(0, 60), "as `playlog serve` has it", 10)
    max_poll_seconds: int = setting("MAX_POLL_SECONDS", whole(6, 3_600), "as `playlog consume` has it", 300)
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        given = [("REGION_DB_URL", self.region), ("DATACENTRE_DB_URL", self.datacentre)]
        refuse_plaintext(self.environment, self.kafka, *((name, url) for name, url in given if url is not None))
