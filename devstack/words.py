"""What each `playlog WORD` finds in its environment when it runs on a stack: its own user, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack.mariadb_settings import (
    APP,
    CATALOGUE,
    CATALOGUE_PRODUCER,
    CATALOGUE_SINK,
    CLIENTS,
    DATACENTRE,
    DEAD_LETTERS,
    LISTENERS,
    MIGRATE,
    MOVE,
    MOVES,
    PERSISTER,
    READER,
    REGION,
    REPORTS,
    User,
)
from devstack.ports import HOST
from devstack.secrets_file import (
    CLIENT_KEY,
    CLIENT_KEY_SECRET,
    CLIENT_SECRET_KEYS,
    LISTENER_SECRET,
    RECEIPT_SECRET,
    SecretsFile,
)

TOPIC = "play-logs"
GROUP = "play-log-persister"
CATALOGUE_TOPIC = "catalogue"
CATALOGUE_GROUP = "catalogue-sink"


#: The words that work on the catalogue's topic; the others on that of the play logs.
CATALOGUE_WORDS = frozenset({"catalogue", "catalogue-produce", "catalogue-consume"})

#: The Kafka user of each word that needs Kafka.
KAFKA_USERS = {
    "serve": "app",
    "consume": "persister",
    "report": "reports",
    "ledger": "reader",
    "receipt": "reader",
    "status": "reader",
    "doctor": "reader",
    "acls": "admin",
    "catalogue": "catalogue",
    "catalogue-produce": "catalogue-producer",
    "catalogue-consume": "catalogue-sink",
}


@dataclass(frozen=True)
class Links:
    """How the words of a closed stack reach its stores: the authority that they trust, and Kafka's passwords."""

    ca: Path
    kafka_passwords: Mapping[str, str]


@dataclass
class Places:
    """Where the parts of a stack listen; 0 or empty until they are started."""

    kafka: str = ""
    mariadb_port: int = 0
    web_port: int = 0
    consumer_status_port: int = 0
    producer_status_port: int = 0
    sink_status_port: int = 0
    nginx_port: int = 0
    nginx_private_port: int = 0
    legacy_port: int = 0
    follow_status_port: int = 0
    compare_status_port: int = 0
    #: Of datagrams.
    compare_port: int = 0
    #: None: everything is plaintext, on the loopback.
    links: Links | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.nginx_port}"


@dataclass(frozen=True)
class Needs:
    """What one word is given."""

    kafka: bool = False
    region: User | None = None
    datacentre: User | None = None
    secrets: tuple[str, ...] = field(default=())


NEEDS = {
    "serve": Needs(kafka=True, region=APP, secrets=(CLIENT_KEY_SECRET, CLIENT_SECRET_KEYS, RECEIPT_SECRET)),
    "consume": Needs(kafka=True, datacentre=PERSISTER, secrets=(LISTENER_SECRET,)),
    "migrate": Needs(region=MIGRATE, datacentre=MIGRATE),
    "clients": Needs(region=CLIENTS, secrets=(CLIENT_KEY_SECRET, CLIENT_SECRET_KEYS)),
    "report": Needs(kafka=True, datacentre=REPORTS),
    "ledger": Needs(kafka=True, datacentre=READER),
    "receipt": Needs(kafka=True, datacentre=READER, secrets=(RECEIPT_SECRET,)),
    "dead-letters": Needs(datacentre=DEAD_LETTERS, secrets=(LISTENER_SECRET,)),
    "listeners": Needs(datacentre=LISTENERS, secrets=(LISTENER_SECRET,)),
    "acls": Needs(kafka=True),
    "doctor": Needs(kafka=True, region=APP, datacentre=READER),
    "status": Needs(kafka=True, datacentre=READER),
    "catalogue": Needs(kafka=True, region=CATALOGUE, datacentre=CATALOGUE),
    "catalogue-produce": Needs(kafka=True, datacentre=CATALOGUE_PRODUCER),
    "catalogue-consume": Needs(kafka=True, region=CATALOGUE_SINK),
    "move": Needs(region=MOVE),
    "moves": Needs(region=MOVES),
    "sample": Needs(),
    "send": Needs(secrets=(CLIENT_KEY,)),
}


def settings(word: str, home: Path, places: Places, secrets: SecretsFile) -> dict[str, str]:
    """Returns the variables of one word."""
    needs = NEEDS[word]
    found = {"PLAYLOG_ENV": "local"}
    if needs.kafka:
        found |= {"KAFKA_BOOTSTRAP": places.kafka} | _kafka_link(word, places.links)
        found |= (
            {"CATALOGUE_TOPIC": CATALOGUE_TOPIC, "CATALOGUE_GROUP": CATALOGUE_GROUP}
            if word in CATALOGUE_WORDS
            else {"PLAY_LOGS_TOPIC": TOPIC, "CONSUMER_GROUP": GROUP}
        )
    for prefix, schema, user in (("REGION", REGION, needs.region), ("DATACENTRE", DATACENTRE, needs.datacentre)):
        if user is not None:
            option = f"?ssl_ca={places.links.ca}" if places.links else ""
            found[f"{prefix}_DB_URL"] = f"mysql://{user.name}@{HOST}:{places.mariadb_port}/{schema}{option}"
            found[f"{prefix}_DB_PASSWORD"] = secrets[user.name]
    found |= {name: value for name in needs.secrets if (value := secrets.get(name))}
    return found | _own_settings(word, home, places)


def _kafka_link(word: str, links: Links | None) -> dict[str, str]:
    if links is None:
        return {"KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}
    user = KAFKA_USERS[word]
    found = {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_CA": str(links.ca)}
    return found | {"KAFKA_USERNAME": user, "KAFKA_PASSWORD": links.kafka_passwords[user]}


def _own_settings(word: str, home: Path, places: Places) -> dict[str, str]:
    """Returns what one word alone reads: where it listens, and which folders it writes."""
    runtime = str(home / "run" / word)
    match word:
        case "serve":
            return {
                "WEB_BIND": f"{HOST}:{places.web_port}",
                "RUNTIME_DIR": runtime,
                "CLIENT_LIST_FILE": str(home / "state" / "clients.json"),
                # Nothing in front of a stack takes it out of a rotation: there is nobody to wait for.
                "DRAIN_SECONDS": "0",
            }
        case "consume":
            return {"CONSUMER_STATUS_BIND": f"{HOST}:{places.consumer_status_port}", "RUNTIME_DIR": runtime}
        case "catalogue-consume":
            return {"CONSUMER_STATUS_BIND": f"{HOST}:{places.sink_status_port}", "RUNTIME_DIR": runtime}
        case "catalogue-produce":
            return {"PRODUCER_STATUS_BIND": f"{HOST}:{places.producer_status_port}", "RUNTIME_DIR": runtime}
        case "move":
            return {"CATALOGUE_TOPIC": CATALOGUE_TOPIC}
        case "moves":
            return _beside_nginx(home, places)
        case "report" | "listeners" | "status":
            return {"REPORT_DIR": str(home / "reports")}
        case "send" | "doctor":
            return {"PLAYLOG_URL": places.url} if places.nginx_port else {}
    return {}


def _beside_nginx(home: Path, places: Places) -> dict[str, str]:
    """What follower and comparator read: where nginx's files are, and both APIs."""
    return {
        "NGINX_CONFIG": str(home / "etc" / "nginx.conf"),
        "NGINX_PREFIX": str(home / "nginx"),
        "NGINX_PRIVATE_LISTEN": f"{HOST}:{places.nginx_private_port}",
        "NGINX_UPSTREAM": f"{HOST}:{places.web_port}",
        "LEGACY_UPSTREAM": f"{HOST}:{places.legacy_port}",
        "COMPARE_BIND": f"{HOST}:{places.compare_port}",
        "FOLLOW_STATUS_BIND": f"{HOST}:{places.follow_status_port}",
        "COMPARE_STATUS_BIND": f"{HOST}:{places.compare_status_port}",
    }
