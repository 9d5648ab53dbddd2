"""The settings of the data-centre database, as every word there reads them."""

from dataclasses import dataclass

from common.config import setting
from common.converters import one_of, secret, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext


@dataclass(frozen=True)
class Datacentre:
    """Where the database is, and the environment, outside of which nothing goes over it in plaintext."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    database: DatabaseUrl = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", secret=True)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("DATACENTRE_DB_URL", self.database))


@dataclass(frozen=True)
class ListenerSecret:
    """What erased listeners are known under; the same wherever logs are stored or renamed."""

    value: str = setting("LISTENER_SECRET", secret, "the secret under which erased listeners are known", secret=True)
