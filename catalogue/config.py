"""The settings of the catalogue's producer and of the operator's word."""

from dataclasses import dataclass

from common.config import group, setting
from common.converters import address, number, one_of, text, whole
from common.datacentre import Datacentre
from common.environment import refuse_plaintext
from common.kafka import CatalogueKafka


@dataclass(frozen=True)
class ProducerConfig:
    """Everything that `playlog catalogue-produce` reads from the environment."""

    datacentre: Datacentre = group(Datacentre)
    checkpoint_seconds: float = setting(
        "CATALOGUE_CHECKPOINT_SECONDS",
        number(0.02, 3_600),
        "seconds between two checkpoints while something changes",
        10,
    )
    status_bind: tuple[str, int] = setting(
        "PRODUCER_STATUS_BIND", address, "HOST:PORT of the producer's /health and /ready", ("127.0.0.1", 8092)
    )
    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")
    kafka: CatalogueKafka = group(CatalogueKafka)

    def __post_init__(self) -> None:
        refuse_plaintext(self.datacentre.environment, self.kafka)
