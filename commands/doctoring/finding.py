"""What the doctor found of one thing: right, wrong and what to change, or out of reach."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["right", "wrong", "unknown"]

#: What is looked at, without the names of topics, brokers and tables. docs/runbook.md has a heading for each.
SUBJECTS = frozenset(
    {
        "can be asked",
        # the topic and the brokers
        "message.timestamp.type",
        "retention.bytes",
        "unclean.leader.election.enable",
        "cleanup.policy",
        "retention.ms",
        "max.message.bytes",
        "min.insync.replicas",
        "copies",
        "copies in sync",
        "auto.create.topics.enable",
        "offsets.retention.minutes",
        "group.coordinator.rebalance.protocols",
        "group.consumer.session.timeout.ms",
        "offsets.topic.replication.factor",
        # the databases
        "sql_mode",
        "time_zone",
        "wait_timeout",
        "innodb_lock_wait_timeout",
        "lock_wait_timeout",
        "tx_isolation",
        "transaction_isolation",
        "character_set_connection",
        "character_set_client",
        "max_allowed_packet",
        "innodb_flush_log_at_trx_commit",
        "innodb_doublewrite",
        "read_only",
        "sync_binlog",
        "clock",
        "connections",
        "engine of the tables",
        "days of a table",
        "migrations",
        "ledger and topic",
        # the edge
        "chain of times",
        "MAX_POLL_SECONDS",
        "chain of sizes",
        "a request without a key",
        "/ready is for the load balancer's own port",
        "a body one byte above the limit",
        "the largest body, without a key",
    }
)
_DAYS_OF = "days of "


@dataclass(frozen=True)
class Finding:
    """One check. `found` is what is there; `advice` says what to change, or why it couldn't be looked at."""

    part: str
    name: str
    state: State
    found: str = ""
    advice: str = ""

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS:
            raise ValueError(f"{self.subject!r} is none of SUBJECTS: add it there, and a heading to docs/runbook.md")

    @property
    def subject(self) -> str:
        """What it is about, by its heading in the runbook."""
        subject = self.name.rpartition(": ")[2]
        return "days of a table" if subject.startswith(_DAYS_OF) else subject


@dataclass(frozen=True)
class Rule:
    """What one setting has to be. `is_right` judges its text; `right` says it in words, `why` the reason."""

    name: str
    is_right: Callable[[str], bool]
    right: str
    why: str


def judge(part: str, found: Mapping[str, str], rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """Each rule against the settings that were found. One that the server doesn't know is left out."""
    for rule in rules:
        value = found.get(rule.name)
        if value is None:
            continue
        if rule.is_right(value):
            yield Finding(part, rule.name, "right", value)
        else:
            yield Finding(part, rule.name, "wrong", value, f"Set {rule.name} to {rule.right}: {rule.why}.")


def at_least(least: int) -> Callable[[str], bool]:
    """A number no smaller; -1, where it stands for no limit, isn't smaller either."""
    return lambda value: int(value) >= least or int(value) == -1


def one_of(*values: str) -> Callable[[str], bool]:
    """One of these words, in any case."""
    return lambda value: value.upper() in values
