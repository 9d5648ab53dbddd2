"""How each part does, in a word and a sentence: the table on the operator's page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.books import ONE_DAY
from reports.proof import KafkaView
from reports.status.beside import Beside, JobEnd
from reports.status.facts import Facts
from reports.status.judgement import ALERT_DAYS_AHEAD, ALERT_HOOK_TRIES, EXPECTED_AFTER, alive, partitions_of

OK, LOOK, UNKNOWN = "ok", "look", "unknown"
#: A change of the catalogue reaches Kafka within seconds.
OUTBOX_SECONDS = 300
#: How old the last end of a job may be, in seconds (infra/files/crontab).
JOB_SECONDS = {"report": 50 * 60, "ledger": 100 * 60, "migrate": 26 * 3600}
#: A day that isn't complete, or a run under way, is no fault.
GOOD = frozenset({0, 75})
MINUTE, HOUR, TWO_DAYS = 60, 3600, 48 * 3600


@dataclass(frozen=True)
class Part:
    """A part, how it is (ok, look, unknown), and why one may say so."""

    name: str
    state: str
    about: str


def health(facts: Facts, beside: Beside, now: datetime) -> list[Part]:
    """Every part of the data centre that this host can judge."""
    return [
        _persisters(facts),
        *_holds(facts),
        _kafka(facts),
        _tables(facts),
        _reports(facts, now),
        _hooks(facts),
        _catalogue(beside),
        *_jobs(beside, now),
    ]


def age(seconds: float) -> str:
    """A time as a person says it."""
    for unit, most, name in ((1, 2 * MINUTE, "s"), (MINUTE, 2 * HOUR, "min"), (HOUR, TWO_DAYS, "h")):
        if seconds < most:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds / (24 * HOUR):.0f} days"


def _persisters(facts: Facts) -> Part:
    living = alive(facts)
    gone = [each.name for each in facts.persisters if each not in living]
    about = f"{len(living)} heard of within a minute" + (f"; silent: {', '.join(gone)}" if gone else "")
    return Part("persisters", OK if living and not gone else LOOK, about)


def _holds(facts: Facts) -> Iterator[Part]:
    for each in alive(facts):
        for partition in partitions_of(each):
            if trouble := partition.get("held") or partition.get("trouble"):
                yield Part(f"partition {partition['partition']}", LOOK, str(trouble))


def _kafka(facts: Facts) -> Part:
    if isinstance(facts.kafka, KafkaView):
        return Part("Kafka", OK, f"answers; the topic has {facts.kafka.partitions} partitions")
    return Part("Kafka", UNKNOWN, f"could not be asked from here: {facts.kafka}")


def _tables(facts: Facts) -> Part:
    if facts.days_ahead is None:
        return Part("tables", UNKNOWN, "their days can't be seen by this user")
    state = LOOK if facts.days_ahead <= ALERT_DAYS_AHEAD else OK
    return Part("tables", state, f"made for {facts.days_ahead} days ahead")


def _reports(facts: Facts, now: datetime) -> Part:
    today = now.date()
    waiting = [each.day for each in facts.days if each.revision is None and each.day < today]
    if not waiting:
        return Part("reports", OK, "every day up to yesterday is final")
    is_early = waiting == [today - ONE_DAY] and now - now.replace(hour=0, minute=0, second=0) < EXPECTED_AFTER
    about = f"not final: {', '.join(day.isoformat() for day in waiting[-3:])}"
    return Part("reports", OK if is_early else LOOK, about + (" (expected by 06:00 UTC)" if is_early else ""))


def _hooks(facts: Facts) -> Part:
    waiting = [each for each in facts.days if each.hook_state == "waiting"]
    if not waiting:
        return Part("REPORT_HOOK", OK, "nothing waits")
    worst = max(each.hook_tries for each in waiting)
    state = LOOK if worst >= ALERT_HOOK_TRIES else OK
    return Part("REPORT_HOOK", state, f"{len(waiting)} reports wait for it, after {worst} tries at most")


def _catalogue(beside: Beside) -> Part:
    outbox = beside.outbox
    if outbox is None:
        return Part("catalogue", UNKNOWN, "its outbox can't be read by this user: run grants.sql")
    if not outbox.waiting:
        return Part("catalogue", OK, "every change is published")
    about = f"{outbox.waiting} releases wait to be published, the oldest for {age(outbox.oldest_seconds or 0)}"
    is_late = (outbox.oldest_seconds or 0) > OUTBOX_SECONDS
    about += f"; {outbox.failing} could not be" if outbox.failing else ""
    return Part("catalogue", LOOK if is_late or outbox.failing else OK, about)


def _jobs(beside: Beside, now: datetime) -> Iterator[Part]:
    """Each job that cron should run; one that has left no note isn't passed over."""
    if beside.jobs is None:
        return
    ends = {each.word: each for each in beside.jobs}
    for word in JOB_SECONDS:
        yield (
            _job(ends[word], now) if word in ends else Part(f"job {word}", UNKNOWN, "no run of it has left a note yet")
        )


def _job(end: JobEnd, now: datetime) -> Part:
    seconds = (now - end.ended_at).total_seconds()
    is_well = end.status in GOOD and seconds <= JOB_SECONDS[end.word]
    return Part(f"job {end.word}", OK if is_well else LOOK, f"ended {age(seconds)} ago with status {end.status}")


def wanted_beside(parts: Sequence[Part]) -> list[str]:
    """What of the health isn't among `judge`'s reasons already: the catalogue and the jobs."""
    return [
        f"{each.name}: {each.about}"
        for each in parts
        if each.state == LOOK and each.name.startswith(("catalogue", "job"))
    ]
