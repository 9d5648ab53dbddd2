"""The settings of `playlog migrate`: the databases, as the user who may change tables."""

from dataclasses import dataclass

from common.config import setting
from common.converters import one_of, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext


@dataclass(frozen=True)
class RegionSettings:
    """The region's database."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    url: DatabaseUrl = setting("REGION_DB_URL", database_url, "the region database as mysql://USER@HOST:PORT/SCHEMA")
    password: str = setting("REGION_DB_PASSWORD", text, "the password of REGION_DB_URL's user", secret=True)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("REGION_DB_URL", self.url))


@dataclass(frozen=True)
class DatacentreSettings:
    """The data centre's database."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    url: DatabaseUrl = setting(
        "DATACENTRE_DB_URL", database_url, "the data-centre database as mysql://USER@HOST:PORT/SCHEMA"
    )
    password: str = setting("DATACENTRE_DB_PASSWORD", text, "the password of DATACENTRE_DB_URL's user", secret=True)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("DATACENTRE_DB_URL", self.url))
