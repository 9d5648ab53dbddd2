"""Who may do what in Kafka: every rule there is. A broker that denies by default allows nothing else.

Users are named by what they do: serve is `app`, consume `persister`, report `reports`, and the words that only read
are `reader`. `admin` is a super user of the brokers, and needs no rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

REQUEST_SECONDS = 15.0

APP, PERSISTER, REPORTS, READER = "app", "persister", "reports", "reader"
CATALOGUE, CATALOGUE_PRODUCER, CATALOGUE_SINK = "catalogue", "catalogue-producer", "catalogue-sink"
#: The name of the one cluster there is, as Kafka's rules have it; the client library calls it a broker.
CLUSTER = "kafka-cluster"
USERS = (APP, PERSISTER, REPORTS, READER, CATALOGUE, CATALOGUE_PRODUCER, CATALOGUE_SINK)


@dataclass(frozen=True)
class Names:
    """The topics and groups of an installation."""

    play_logs: str = "play-logs"
    persister_group: str = "play-log-persister"
    catalogue: str = "catalogue"
    catalogue_group: str = "catalogue-sink"


@dataclass(frozen=True, order=True)
class Rule:
    """One user may do one thing with one topic or group, or look at the brokers."""

    user: str
    kind: str
    name: str
    operation: str

    def __str__(self) -> str:
        return f"{self.user} may {self.operation} {self.kind} {self.name}"


def rules(names: Names) -> list[Rule]:
    """Every rule, in order."""
    topic, group = names.play_logs, names.persister_group
    wanted = (
        # It writes, looks whether the topic is as it has to be, and asks how far the persister is, for receipts.
        (APP, "topic", topic, ("WRITE", "DESCRIBE", "DESCRIBE_CONFIGS")),
        (APP, "group", group, ("DESCRIBE",)),
        (PERSISTER, "topic", topic, ("READ", "DESCRIBE", "DESCRIBE_CONFIGS")),
        (PERSISTER, "group", group, ("READ", "DESCRIBE")),
        # Partitions and ends alone.
        (REPORTS, "topic", topic, ("DESCRIBE",)),
        # The ledger reads the headers of what isn't stored yet, without a group; the doctor looks at every setting.
        (READER, "topic", topic, ("READ", "DESCRIBE", "DESCRIBE_CONFIGS")),
        (READER, "broker", CLUSTER, ("DESCRIBE_CONFIGS",)),
        (CATALOGUE_PRODUCER, "topic", names.catalogue, ("WRITE", "DESCRIBE", "DESCRIBE_CONFIGS")),
        (CATALOGUE_SINK, "topic", names.catalogue, ("READ", "DESCRIBE", "DESCRIBE_CONFIGS")),
        (CATALOGUE_SINK, "group", names.catalogue_group, ("READ", "DESCRIBE")),
        # The operator proves, replays, and cuts history that two whole loads have made needless.
        (CATALOGUE, "topic", names.catalogue, ("READ", "DESCRIBE", "DESCRIBE_CONFIGS", "DELETE")),
        (CATALOGUE, "group", names.catalogue_group, ("READ", "DESCRIBE")),
    )
    return sorted(Rule(user, kind, name, each) for user, kind, name, operations in wanted for each in operations)


def read_rules(admin: AdminClient) -> list[Rule]:
    """The rules that allow one of our users something on a topic or group of one name. Raises KafkaException."""
    anyone: Any = None
    anything = AclBindingFilter(
        ResourceType.ANY, anyone, ResourcePatternType.ANY, anyone, anyone, AclOperation.ANY, AclPermissionType.ALLOW
    )
    found = admin.describe_acls(anything, request_timeout=REQUEST_SECONDS).result(REQUEST_SECONDS + 1)
    return sorted(
        Rule(each.principal.removeprefix("User:"), each.restype.name.lower(), each.name, each.operation.name)
        for each in found
    )


def change_rules(admin: AdminClient, added: Sequence[Rule], removed: Sequence[Rule]) -> None:
    """Adds rules, then removes others. Raises KafkaException."""
    if added:
        answers = admin.create_acls([_binding(each) for each in added], request_timeout=REQUEST_SECONDS)
        for answer in answers.values():
            answer.result(REQUEST_SECONDS + 1)
    if removed:
        filters = [_filter(each) for each in removed]
        gone = admin.delete_acls(filters, request_timeout=REQUEST_SECONDS)
        for outcome in gone.values():
            outcome.result(REQUEST_SECONDS + 1)


def _binding(rule: Rule) -> AclBinding:
    return AclBinding(*_parts(rule))


def _filter(rule: Rule) -> AclBindingFilter:
    return AclBindingFilter(*_parts(rule))


def _parts(rule: Rule) -> tuple[ResourceType, str, ResourcePatternType, str, str, AclOperation, AclPermissionType]:
    return (
        ResourceType[rule.kind.upper()],
        rule.name,
        ResourcePatternType.LITERAL,
        f"User:{rule.user}",
        "*",
        AclOperation[rule.operation],
        AclPermissionType.ALLOW,
    )
