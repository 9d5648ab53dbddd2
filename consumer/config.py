"""The settings of whatever stores a topic's records, and the play-log persister's own."""

from dataclasses import dataclass

from common.config import group, setting
from common.converters import address, number, one_of, text, whole
from common.datacentre import Datacentre, ListenerSecret
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings
from consumer.pace import RateByHour, rate_by_hour


@dataclass(frozen=True)
class LoopConfig:
    """What the loop and its writers go by."""

    flush_rows: int = setting("FLUSH_ROWS", whole(1, 50_000), "rows at which a batch is written", 5_000)
    flush_bytes: int = setting(
        "FLUSH_BYTES", whole(1_000, 64_000_000), "bytes of records at which a batch is written", 4_000_000
    )
    flush_seconds: float = setting("FLUSH_SECONDS", number(0.01, 60), "age in seconds at which a batch is written", 0.5)
    rows_per_second: RateByHour = setting(
        "ROWS_PER_SECOND",
        rate_by_hour,
        "the most rows a second, 0 for no limit; other rates by hour of day (UTC): 5000,02-06=20000",
        RateByHour(0),
    )
    dead_letter_limit: int = setting(
        "DEAD_LETTER_LIMIT",
        whole(1, 1_000_000),
        "dead letters an hour, beside those of the worst client, above which the persister holds",
        100,
    )
    writer_threads: int = setting("WRITER_THREADS", whole(1, 16), "threads that write to the database", 2)
    max_poll_seconds: int = setting(
        "MAX_POLL_SECONDS", whole(6, 3_600), "silence after which the group takes the partitions away", 300
    )
    status_bind: tuple[str, int] = setting(
        "CONSUMER_STATUS_BIND", address, "HOST:PORT of /health and /ready", ("127.0.0.1", 8090)
    )
    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")


@dataclass(frozen=True)
class ConsumerConfig(LoopConfig):
    """Everything that `playlog consume` reads from the environment."""

    datacentre: Datacentre = group(Datacentre)
    listener_secret: ListenerSecret = group(ListenerSecret)
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.datacentre.environment, self.kafka)
