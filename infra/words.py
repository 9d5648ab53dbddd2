"""What runs on the data centre's hosts: each word of ours, by role, with its user and the settings that it reads."""

from dataclasses import dataclass

SETTINGS = "/etc/playlog"
CURRENT = "/srv/playlog/current"
#: The release that `make deploy-datacentre` proved last.
PROVEN = "/srv/playlog/proven"
RELEASES = "/srv/playlog/releases"
USER = "playlog"
MIGRATE_USER = "playlog-migrate"
#: The users of each role, and of both the folder that is their home.
HOMES = {USER: "/var/lib/playlog", MIGRATE_USER: "/var/lib/playlog-migrate"}
ROLE_USERS = {"reports": (USER, MIGRATE_USER), "persister": (USER,)}


@dataclass(frozen=True)
class Word:
    """A word that a role runs: as whom, and by which class of settings it starts."""

    name: str
    role: str
    user: str
    config: str
    #: A job of cron: how old its last end may be before the host is unwell, in seconds. A unit has none.
    oldest_seconds: int = 0
    #: A unit of systemd: its name, and the setting of its status page.
    unit: str = ""
    status: str = ""
    default_status: str = ""
    #: What a host looks at: of several producers one works, and those that wait to take over aren't ready.
    probe: str = "/ready"

    @property
    def settings(self) -> str:
        """The path of its settings on the host."""
        return f"{SETTINGS}/{self.name}.env"


WORDS = (
    # Every 15 minutes, twice an hour, each minute, once a day (files/crontab): most may miss some turns.
    Word("report", "reports", USER, "reports.config:ReportConfig", oldest_seconds=50 * 60),
    Word("ledger", "reports", USER, "reports.reader_config:LedgerConfig", oldest_seconds=100 * 60),
    Word("status", "reports", USER, "reports.reader_config:StatusConfig", oldest_seconds=10 * 60),
    Word("migrate", "reports", MIGRATE_USER, "migrations.config:DatacentreSettings", oldest_seconds=26 * 3600),
    Word(
        "consume",
        "persister",
        USER,
        "consumer.config:ConsumerConfig",
        unit="playlog-consumer.service",
        status="CONSUMER_STATUS_BIND",
        default_status="127.0.0.1:8090",
    ),
    Word(
        "catalogue-produce",
        "persister",
        USER,
        "catalogue.config:ProducerConfig",
        unit="playlog-catalogue-producer.service",
        status="PRODUCER_STATUS_BIND",
        default_status="127.0.0.1:8092",
        probe="/health",
    ),
)
ROLES = tuple(dict.fromkeys(word.role for word in WORDS))
BY_NAME = {word.name: word for word in WORDS}


def words_of(roles: tuple[str, ...]) -> list[Word]:
    """The words that a host with these roles runs."""
    return [word for word in WORDS if word.role in roles]


def users_of(roles: tuple[str, ...]) -> list[str]:
    """The users that a host with these roles has."""
    return list(dict.fromkeys(user for role in ROLES if role in roles for user in ROLE_USERS[role]))
