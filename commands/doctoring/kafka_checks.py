"""What must be right in Kafka: the topic, its copies, and the settings of the brokers."""

from collections.abc import Iterator, Mapping, Sequence

from app.checks import publishing_problems
from commands.doctoring.finding import Finding, Rule, at_least, judge, one_of
from common.kafka import Copies
from common.topic_rules import RIGHT

PART = "Kafka"
MINUTE_MILLISECONDS = 60_000
#: A persister that died keeps its partitions for this long.
LONGEST_SESSION_MILLISECONDS = 60_000
#: Of the topic and of the group's offsets, outside the local environment.
LEAST_COPIES = 3

TOPIC_RULES = (*RIGHT, "retention.ms", "max.message.bytes", "min.insync.replicas")


def topic_findings(topic: str, settings: Mapping[str, str], environment: str) -> Iterator[Finding]:
    """Each setting on which nothing-lost rests; the same rules stop the start of serve and consume."""
    problems = publishing_problems(topic, settings, environment)
    for name in TOPIC_RULES:
        problem = next((each for each in problems if f": set {name} to " in each), "")
        state = "wrong" if problem else "right"
        yield Finding(PART, f"topic {topic}: {name}", state, settings.get(name, ""), problem)  # type: ignore[arg-type]


def copies_findings(
    topic: str, partitions: Sequence[Copies], least_in_sync: int, environment: str
) -> Iterator[Finding]:
    """Is every record on enough disks, now?"""
    fewest = min((each.copies for each in partitions), default=0)
    name = f"topic {topic}: copies"
    if environment != "local" and fewest < LEAST_COPIES:
        advice = f"Reassign the topic with a replication factor of {LEAST_COPIES}: one broker's end must not stop it."
        yield Finding(PART, name, "wrong", str(fewest), advice)
    elif environment != "local" and least_in_sync >= fewest:
        advice = "Set min.insync.replicas below the number of copies: else one broker's end refuses every request."
        yield Finding(PART, name, "wrong", f"{fewest}, all must be in sync", advice)
    else:
        yield Finding(PART, name, "right", str(fewest))
    behind = [str(each.number) for each in partitions if each.in_sync < each.copies or not each.has_leader]
    name = f"topic {topic}: copies in sync"
    if behind:
        advice = "See which broker is away or behind: another one's end would stop these partitions."
        yield Finding(PART, name, "wrong", f"not in partition {', '.join(behind)}", advice)
    else:
        yield Finding(PART, name, "right", f"all of {len(partitions)} partitions")


def broker_findings(
    brokers: Mapping[int, Mapping[str, str]], topic: Mapping[str, str], environment: str
) -> Iterator[Finding]:
    """The settings of each broker that bear on us."""
    rules = _broker_rules(int(topic.get("retention.ms", -1)), environment)
    for number, settings in sorted(brokers.items()):
        for finding in judge(PART, settings, rules):
            yield Finding(PART, f"broker {number}: {finding.name}", finding.state, finding.found, finding.advice)


def _broker_rules(retention: int, environment: str) -> tuple[Rule, ...]:
    minutes = retention // MINUTE_MILLISECONDS if retention > 0 else 0
    copies = 1 if environment == "local" else LEAST_COPIES
    session = "group.consumer.session.timeout.ms"
    return (
        Rule("auto.create.topics.enable", one_of("FALSE"), "false", "a misspelt topic would be made, and lose logs"),
        Rule(
            "offsets.retention.minutes",
            at_least(minutes),
            f"{minutes} or more",
            "receipts and lag tools forget a group that was away, while the topic still has its records",
        ),
        Rule(
            "group.coordinator.rebalance.protocols",
            lambda value: "consumer" in value.split(","),
            "a list with consumer in it",
            "the persister joins its group by KIP-848",
        ),
        Rule(
            session,
            lambda value: int(value) <= LONGEST_SESSION_MILLISECONDS,
            f"{LONGEST_SESSION_MILLISECONDS} or less",
            "a persister that died keeps its partitions for so long",
        ),
        Rule(
            "offsets.topic.replication.factor", at_least(copies), f"{copies} or more", "the group stops with one broker"
        ),
        Rule("unclean.leader.election.enable", one_of("FALSE"), "false", "new topics would lose acknowledged records"),
    )
