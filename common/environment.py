"""Which environment a process runs in, and what only the local one may do."""

from common.database import DatabaseUrl
from common.kafka import KafkaLink


def refuse_plaintext(environment: str, kafka: KafkaLink | None, *databases: tuple[str, DatabaseUrl]) -> None:
    """Raises ValueError when a link outside the local environment isn't encrypted and its peer verified."""
    if environment == "local":
        return
    if kafka is not None and kafka.protocol != "SASL_SSL":
        raise ValueError(f"PLAYLOG_ENV is {environment}: set KAFKA_SECURITY_PROTOCOL to SASL_SSL.")
    for name, url in databases:
        if not url.ssl_ca:
            raise ValueError(f"PLAYLOG_ENV is {environment}: add ?ssl_ca=FILE to {name}.")
