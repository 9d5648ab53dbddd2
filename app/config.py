"""The web process's settings."""

from dataclasses import dataclass
from pathlib import Path

from app.gateway.sealed import SealingKeys, sealing_keys
from app.logs.limits import SPARE_THREADS
from common.config import group, setting
from common.converters import address, one_of, secret, text, whole
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings


def path(value: str) -> Path:
    """An absolute path: the word may be started from any folder."""
    found = Path(text(value))
    if not found.is_absolute():
        raise ValueError("must be an absolute path")
    return found


@dataclass(frozen=True)
class AppConfig:
    """Everything that `playlog serve` reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    region: DatabaseUrl = setting("REGION_DB_URL", database_url, "the region database as mysql://USER@HOST:PORT/SCHEMA")
    password: str = setting("REGION_DB_PASSWORD", text, "the password of REGION_DB_URL's user", secret=True)
    client_key_secret: str = setting(
        "CLIENT_KEY_SECRET", secret, "the secret under which client keys are hashed", secret=True
    )
    secret_keys: SealingKeys = setting(
        "CLIENT_SECRET_KEYS",
        sealing_keys,
        "the keys that seal the clients' OAuth secrets, the newest first",
        secret=True,
    )
    list_hours: int = setting(
        "CLIENT_LIST_MAX_HOURS", whole(1, 720), "how long the last good list serves without a database", 48
    )
    degraded_budget: int = setting(
        "DEGRADED_BUDGET", whole(0, 1_000_000), "requests a day that a process lends a client without a database", 50
    )
    catalogue_connections: int = setting(
        "CATALOGUE_CONNECTIONS", whole(1, 64), "connections of a process that read the catalogue", 8
    )
    receipt_secret: str = setting("RECEIPT_SECRET", secret, "the secret that signs receipts", secret=True)
    client_list: Path = setting("CLIENT_LIST_FILE", path, "the file that keeps the last good list of clients")
    runtime: Path = setting("RUNTIME_DIR", path, "a folder for files that live as long as the process")
    bind: tuple[str, int] = setting("WEB_BIND", address, "HOST:PORT that gunicorn listens on", ("127.0.0.1", 8000))
    workers: int = setting("WEB_WORKERS", whole(1, 64), "worker processes: one a core", 2)
    threads: int = setting(
        "WEB_THREADS", whole(SPARE_THREADS + 1, 512), "threads a worker: requests that may wait for Kafka, plus 4", 32
    )
    drain_seconds: int = setting(
        "DRAIN_SECONDS", whole(0, 60), "how long a stopping process serves on after /ready turned false", 10
    )
    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, self.kafka, ("REGION_DB_URL", self.region))

    @property
    def drain_file(self) -> Path:
        """While it is there, this instance says that it isn't ready."""
        return self.runtime / "draining"
