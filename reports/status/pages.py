"""Status as a person reads it, and as a machine does."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from reports.columns import columns
from reports.proof import KafkaView
from reports.status.facts import Facts, Persister
from reports.status.judgement import alive, partitions_of


def lines_of(facts: Facts, wanted: Sequence[str], now: datetime) -> list[str]:
    """Line by line: what wants a person, then the figures."""
    lines = [f"LOOK: {each}" for each in wanted] or ["all is well"]
    living = alive(facts)
    lag = lag_records(facts)
    lines += ["", f"stored: {sum(each.rows_per_second for each in living):.0f} logs/s in"]
    lines[-1] += f" {sum(each.records_per_second for each in living):.0f} requests/s, by {len(living)} persisters"
    lines.append(f"still in Kafka: {'unknown' if lag is None else f'{lag} records'}{_age(living)}{_end(living, now)}")
    lines += [
        "",
        *columns([("persister", "seen", "logs/s", "commit", "worst commit"), *map(_persister, facts.persisters)], 1),
    ]
    lines += ["", *columns([("partition", "stored up to", "lag", "open day"), *_partitions(facts)], 0)]
    lines += ["", *columns([("day", "report", "revision", "hook", "cuts"), *_days(facts)])]
    if facts.dead_letters:
        lines += ["", *columns([("open dead letters of", "count", "first id"), *_letters(facts)], 1)]
    for topic_id, number, first, end, reason, declared_at in facts.gaps:
        count = "an unknown number of" if end is None else str(end - first)
        lines.append(f"declared lost: {count} records of partition {number} of {topic_id} ({reason}, {declared_at})")
    if not isinstance(facts.kafka, KafkaView):
        lines.append(f"Kafka could not be asked: {facts.kafka}")
    return lines


def document_of(facts: Facts, wanted: Sequence[str], now: datetime) -> dict[str, Any]:
    """The same for machines; times in seconds, moments in UTC."""
    living = alive(facts)
    return {
        "at": now.isoformat(timespec="seconds"),
        "look": list(wanted),
        "kafka": "asked" if isinstance(facts.kafka, KafkaView) else facts.kafka,
        "rows_per_second": sum(each.rows_per_second for each in living),
        "records_per_second": sum(each.records_per_second for each in living),
        "lag_records": lag_records(facts),
        "lag_seconds": max((each.lag_seconds for each in living), default=None),
        "commit_median_seconds": max((each.commit_median_seconds or 0 for each in living), default=None),
        "commit_worst_seconds": max((each.commit_worst_seconds or 0 for each in living), default=None),
        "backlog_end_seconds": backlog_end(living),
        "persisters": [
            {
                "name": each.name,
                "started_at": each.started_at.isoformat(),
                "seen_seconds_ago": round(each.seen_seconds_ago, 1),
                "is_alive": each in living,
                "rows_per_second": each.rows_per_second,
                "partitions": partitions_of(each),
            }
            for each in facts.persisters
        ],
        "partitions": [{**vars(each), "open_day": _iso(each.open_day)} for each in facts.partitions],
        "days": [{**vars(each), "day": each.day.isoformat()} for each in facts.days],
        "dead_letters": [
            {"client": client, "open": count, "first_id": first} for client, count, first in facts.dead_letters
        ],
        "declared_losses": len(facts.gaps),
        "days_ahead": facts.days_ahead,
    }


def lag_records(facts: Facts) -> int | None:
    """The records that are still in Kafka; None while Kafka doesn't say."""
    lags = [each.lag for each in facts.partitions]
    return None if any(lag is None for lag in lags) else sum(lag or 0 for lag in lags)


def backlog_end(living: Sequence[Persister]) -> float | None:
    """The backlog ends when the last persister's does; None while one of them can't say."""
    ends = [each.backlog_end_seconds for each in living]
    known = [end for end in ends if end is not None]
    return max(known, default=None) if len(known) == len(ends) else None


def _age(living: Sequence[Persister]) -> str:
    oldest = max((each.lag_seconds for each in living), default=0.0)
    return f", the oldest {oldest:.0f} s old" if oldest else ""


def _end(living: Sequence[Persister], now: datetime) -> str:
    end = backlog_end(living)
    return f", stored by {now + timedelta(seconds=end):%H:%M:%S} UTC at the present rate" if end else ""


def _persister(each: Persister) -> Sequence[str]:
    seen = f"{each.seen_seconds_ago:.0f} s ago"
    return (
        each.name,
        seen,
        f"{each.rows_per_second:.0f}",
        _ms(each.commit_median_seconds),
        _ms(each.commit_worst_seconds),
    )


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:.1f} ms"


def _partitions(facts: Facts) -> list[Sequence[str]]:
    return [
        (
            str(each.number),
            str(each.next_offset),
            "?" if each.lag is None else str(each.lag),
            _iso(each.open_day) or "-",
        )
        for each in facts.partitions
    ]


def _days(facts: Facts) -> list[Sequence[str]]:
    return [
        (each.day.isoformat(), each.state, str(each.revision or "-"), each.hook_state, str(each.cuts))
        for each in facts.days
    ]


def _or(value: object, unknown: str) -> str:
    return unknown if value is None else str(value)


def _letters(facts: Facts) -> list[Sequence[str]]:
    return [(client or "unreadable records", str(count), str(first)) for client, count, first in facts.dead_letters]


def _iso(day: Any) -> str | None:
    return None if day is None else str(day)
