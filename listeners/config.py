"""The settings of `playlog listeners`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import setting
from common.converters import one_of, secret, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext


def folder(value: str) -> Path:
    """A folder's path."""
    return Path(text(value))


@dataclass(frozen=True)
class ListenersConfig:
    """Everything that `playlog listeners` reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    database: DatabaseUrl = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", secret=True)
    listener_secret: str = setting(
        "LISTENER_SECRET", secret, "the secret under which erased listeners are known", secret=True
    )
    report_dir: Path = setting("REPORT_DIR", folder, "the folder of the reports")

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("DATACENTRE_DB_URL", self.database))
