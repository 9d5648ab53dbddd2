"""The ledger as a person reads it, and as a machine does."""

from collections.abc import Sequence
from typing import Any

from reports.columns import columns
from reports.ledger.account import DayLedger, Line, Reading
from reports.ledger.unread import Unread
from reports.proof import KafkaView

HEADINGS = (
    *("client", "stream", "accepted", "stored", "duplicate", "dead-lettered", "still in Kafka"),
    *("rows", "replayed", "balance"),
)


def lines_of(days: Sequence[DayLedger], reading: Reading, unread: Unread) -> list[str]:
    """Line by line, the days in order."""
    lines: list[str] = []
    for day in days:
        findings = day.findings
        lines.append(f"{findings.day}: {findings.state}")
        if day.lines:
            lines += columns([HEADINGS, *(_cells(line) for line in day.lines)])
        else:
            lines.append("nothing was accepted")
        unreadable = sum(tally.unreadable for tally in findings.counts.by_account().values())
        if unreadable:
            lines.append(f"unreadable records: {unreadable}, each a dead letter")
        lines += [f"lost: {loss.records} records ({loss.gap.reason}; {loss.gap.operator})" for loss in findings.losses]
        lines += [f"DOES NOT BALANCE: {sentence}" for sentence in day.imbalances]
        lines.append("")
    return lines + _of_kafka(reading, unread)


def document_of(days: Sequence[DayLedger], reading: Reading, unread: Unread) -> dict[str, Any]:
    """The same for machines."""
    return {
        "days": [
            {
                "day": day.findings.day.isoformat(),
                "state": day.findings.state,
                "accounts": [_facts(line) for line in day.lines],
                "unreadable_records": sum(each.unreadable for each in day.findings.counts.by_account().values()),
                "lost_records": sum(loss.records for loss in day.findings.losses),
                "imbalances": list(day.imbalances),
            }
            for day in days
        ],
        "kafka": "asked" if isinstance(reading.kafka, KafkaView) else reading.kafka,
        "unread_records": unread.total,
        "uncounted_offsets": {str(number): count for number, count in sorted(unread.uncounted.items())},
        "problems": unread.problems,
        "balanced": not any(day.imbalances for day in days),
    }


def _of_kafka(reading: Reading, unread: Unread) -> list[str]:
    if not isinstance(reading.kafka, KafkaView):
        return [f"Kafka could not be asked ({reading.kafka}): what is still in it is missing above."]
    lines = [
        f"still in Kafka: {unread.total} records, by the day of their append time; they may be booked on the next."
    ]
    foreign = sum(count for key, count in unread.records.items() if key[1] is None)
    if foreign:
        lines.append(f"{foreign} of them name no client: they will be dead letters.")
    for number, count in sorted(unread.uncounted.items()):
        lines.append(f"partition {number}: {count} offsets more are not counted by client; see --unread-records.")
    return lines + unread.problems


def _cells(line: Line) -> Sequence[str]:
    client, stream, is_test = line.account
    tally = line.tally
    numbers = (line.accepted, tally.stored, tally.duplicate, tally.dead, line.still_in_kafka, line.rows)
    name = f"{client} (test)" if is_test else str(client)
    return (name, stream or "", *map(str, (*numbers, line.replayed, line.balance)))


def _facts(line: Line) -> dict[str, object]:
    client, stream, is_test = line.account
    tally = line.tally
    return {
        "client": client,
        "stream": stream,
        "is_test": is_test,
        "requests": tally.requests,
        "accepted": line.accepted,
        "stored": tally.stored,
        "duplicate": tally.duplicate,
        "dead_lettered": tally.dead,
        "still_in_kafka": line.still_in_kafka,
        "rows": line.rows,
        "replayed": line.replayed,
        "balance": line.balance,
    }
