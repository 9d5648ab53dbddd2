"""The settings of the region's database, as every word that needs it reads them."""

from dataclasses import dataclass

from common.config import setting
from common.converters import one_of, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext


@dataclass(frozen=True)
class Region:
    """Where the database is, and the environment, outside of which nothing goes over it in plaintext."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    database: DatabaseUrl = setting(
        "REGION_DB_URL", database_url, "the region database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("REGION_DB_PASSWORD", text, "the password of REGION_DB_URL's user", secret=True)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("REGION_DB_URL", self.database))
