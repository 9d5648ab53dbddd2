"""What `playlog clients` reads from the environment."""

from dataclasses import dataclass

from app.gateway.sealed import SealingKeys, sealing_keys
from common.config import setting
from common.converters import one_of, secret, text
from common.database import DatabaseUrl, database_url
from common.environment import refuse_plaintext


@dataclass(frozen=True)
class ClientsConfig:
    """The region database, and the two secrets that the web processes have too."""

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

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("REGION_DB_URL", self.region))
