"""What wants a person, each in a sentence with what to do. Pure."""

import json
from datetime import datetime, timedelta
from typing import Any

from reports.books import ONE_DAY
from reports.proof import KafkaView
from reports.status.facts import Facts, Persister

#: A persister writes its row every 10 s.
STALE_SECONDS = 60
#: A backlog that doesn't shrink is nothing to speak of before its oldest record is this old.
OLD_SECONDS = 600
ALERT_DAYS_AHEAD = 3
EXPECTED_AFTER = timedelta(hours=6)
ALERT_HOOK_TRIES = 4


def judge(facts: Facts, now: datetime) -> list[str]:
    """Every reason to look, the gravest first; none when all goes well."""
    return [
        *_persisters(facts),
        *_partitions(facts),
        *_days(facts, now),
        *_others(facts),
    ]


def alive(facts: Facts) -> list[Persister]:
    """The persisters that were heard of lately."""
    return [each for each in facts.persisters if each.seen_seconds_ago < STALE_SECONDS]


def partitions_of(persister: Persister) -> list[dict[str, Any]]:
    """What the persister said of its partitions."""
    found = json.loads(persister.partitions_json)
    return list(found) if isinstance(found, list) else []


def _persisters(facts: Facts) -> list[str]:
    living = alive(facts)
    if not living:
        return ["no persister was heard of within a minute: see that `playlog consume` runs and reaches the database"]
    found = [
        f"persister {each.name} was last heard of {each.seen_seconds_ago:.0f} s ago, and didn't say good-bye:"
        " was it killed, or can't it reach Kafka? Its row goes after a day"
        for each in facts.persisters
        if each not in living
    ]
    for each in living:
        for partition in partitions_of(each):
            if partition.get("held"):
                found.append(f"partition {partition['partition']} is held: {partition['held']}")
            elif partition.get("trouble"):
                found.append(f"partition {partition['partition']} waits: {partition['trouble']}")
        if each.lag_seconds > OLD_SECONDS and each.backlog_end_seconds is None:
            found.append(
                f"the backlog of persister {each.name} doesn't shrink: its oldest record is {each.lag_seconds:.0f} s"
                " old; see ROWS_PER_SECOND, the database, and Backlog in docs/runbook.md"
            )
    return found


def _partitions(facts: Facts) -> list[str]:
    if not isinstance(facts.kafka, KafkaView):
        return []
    known = {each.number for each in facts.partitions if each.topic_id == facts.kafka.topic_id}
    if facts.partitions and not known:
        return ["the topic was made again: see `playlog consume adopt-topic --help`"]
    missing = sorted(set(range(facts.kafka.partitions)) - known)
    return [f"partition {number} was never read: the persister has not begun it" for number in missing]


def _days(facts: Facts, now: datetime) -> list[str]:
    today = now.date()
    overdue = [
        each.day
        for each in facts.days
        if each.revision is None
        and each.day < today
        and (each.day < today - ONE_DAY or now - _midnight(now) >= EXPECTED_AFTER)
    ]
    found = [f"the report of {day} isn't final: `playlog report --date {day}` says why" for day in overdue]
    found += [
        f"REPORT_HOOK has failed {each.hook_tries} times on the report of {each.day}: see the report's log"
        for each in facts.days
        if each.hook_state == "waiting" and each.hook_tries >= ALERT_HOOK_TRIES
    ]
    return found


def _others(facts: Facts) -> list[str]:
    found: list[str] = []
    letters = sum(count for _, count, _ in facts.dead_letters)
    if letters:
        found.append(f"{letters} dead letters are open: `playlog dead-letters list` says whose and why")
    if facts.days_ahead is not None and facts.days_ahead <= ALERT_DAYS_AHEAD:
        found.append(f"the tables have days for {facts.days_ahead} days more: run `playlog migrate datacentre`")
    return found


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
