"""What a person reads at the end of a run: the state and why, and the sums."""

from collections.abc import Sequence

from reports.balance import difference
from reports.columns import columns
from reports.findings import Findings

HEADINGS = ("client", "stream", "accepted", "stored", "duplicate", "dead-lettered", "in file", "balance")


def lines_of(findings: Findings, place: str | None) -> list[str]:
    """The summary of a run, line by line; `place` is where the files are, if any were written."""
    lines = [f"{findings.day}: {findings.state}"]
    lines += [f"  because {reason}" for reason in findings.reasons]
    for loss in findings.losses:
        count = "an unknown number of" if loss.gap.end is None else str(loss.gap.end - loss.gap.first)
        lines.append(
            f"  lost: {count} records from offset {loss.gap.first} of partition {loss.gap.place[1]}"
            f" ({loss.gap.reason}; {loss.gap.operator})"
        )
    lines += columns(_table(findings, has_rows=place is not None or bool(findings.counts.plays)))
    lines.append(f"requests: {findings.counts.requests_of_day}, suspected repeats: {findings.repeats.requests}")
    for each in findings.counts.replays:
        lines.append(f"replayed: {each.stored} logs of {each.account[0]}, dead letters of {each.first_day}")
    unreadable = sum(tally.unreadable for tally in findings.counts.by_account().values())
    if unreadable:
        lines.append(f"unreadable records: {unreadable}, each a dead letter")
    if findings.still_in_kafka is not None:
        whose = ", all of later days" if findings.is_final else ""
        lines.append(f"still in Kafka{whose}: {sum(findings.still_in_kafka.values())} records")
    elif not findings.is_final:
        lines.append("still in Kafka: unknown")
    lines += [f"DOES NOT BALANCE: {sentence}" for sentence in findings.imbalances]
    lines.append(f"files: {place}" if place else "files: none written")
    return lines


def _table(findings: Findings, has_rows: bool) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [HEADINGS]
    for account, tally in findings.counts.by_account().items():
        client, stream, is_test = account
        if client is None:
            continue
        written = str(findings.rows_written.get(account, 0)) if has_rows else "-"
        missing = str(difference(findings.counts, account, tally)) if has_rows else "-"
        name = f"{client} (test)" if is_test else client
        sums = (tally.items, tally.stored, tally.duplicate, tally.dead)
        rows.append((name, stream or "", *map(str, sums), written, missing))
    return rows if len(rows) > 1 else []
