"""The settings by which a process reaches Kafka, and the topics that there are."""

from dataclasses import dataclass
from typing import Any

from common.config import setting
from common.converters import certificates, one_of, text


@dataclass(frozen=True)
class KafkaLink:
    """How a process reaches the brokers."""

    bootstrap: str = setting("KAFKA_BOOTSTRAP", text, "the brokers as HOST:PORT[,HOST:PORT…]")
    protocol: str = setting(
        "KAFKA_SECURITY_PROTOCOL", one_of("PLAINTEXT", "SASL_SSL"), "PLAINTEXT (local only) or SASL_SSL", "PLAINTEXT"
    )
    username: str = setting("KAFKA_USERNAME", text, "the SCRAM-SHA-512 user", "")
    password: str = setting("KAFKA_PASSWORD", text, "the SCRAM-SHA-512 user's password", "", secret=True)
    ca: str = setting("KAFKA_CA", certificates, "the file of the CA that signed the brokers' certificates", "")

    def __post_init__(self) -> None:
        if self.protocol == "SASL_SSL" and not (self.username and self.password and self.ca):
            raise ValueError("KAFKA_SECURITY_PROTOCOL is SASL_SSL: set KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_CA.")
        if self.protocol == "PLAINTEXT" and (self.username or self.password or self.ca):
            raise ValueError(
                "KAFKA_SECURITY_PROTOCOL is PLAINTEXT, over which nobody logs in: set it to SASL_SSL, or leave"
                " KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_CA out."
            )

    def client(self) -> dict[str, Any]:
        """The librdkafka settings that every client of ours shares."""
        settings: dict[str, Any] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.protocol,
            # New partitions and a topic made again are seen within this time.
            "topic.metadata.refresh.interval.ms": 10_000,
            "allow.auto.create.topics": False,
            # A broker that is back is found again within a second.
            "reconnect.backoff.max.ms": 1_000,
            "log.connection.close": False,
        }
        if self.protocol == "SASL_SSL":
            settings |= {
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.username": self.username,
                "sasl.password": self.password,
                "ssl.ca.location": self.ca,
                "ssl.endpoint.identification.algorithm": "https",
            }
        return settings


@dataclass(frozen=True)
class KafkaSettings(KafkaLink):
    """The brokers, with the topic of accepted requests and the group of those who store them."""

    topic: str = setting("PLAY_LOGS_TOPIC", text, "the topic of accepted requests", "play-logs")
    group: str = setting("CONSUMER_GROUP", text, "the persister's consumer group", "play-log-persister")


@dataclass(frozen=True)
class CatalogueKafka(KafkaLink):
    """The brokers, with the topic of the catalogue and the group of those who keep a region's copy."""

    topic: str = setting("CATALOGUE_TOPIC", text, "the topic of the catalogue", "catalogue")
    group: str = setting("CATALOGUE_GROUP", text, "the consumer group of the region's copy", "catalogue-sink")
