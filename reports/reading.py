"""Reads a day from a snapshot: first what proves it complete, then its rows, into files not handed over yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from reports.balance import Account, Counts, PlayRows, log_imbalances, record_imbalances
from reports.findings import Findings
from reports.proof import KafkaView, losses_of, state_of, still_in_kafka, why_not_final
from reports.snapshot import Snapshot
from reports.usage import UsageFiles
from reports.workbench import Workbench

TICK_ROWS = 1_000


def read_proof(
    snapshot: Snapshot, topic: str, day: date, now: datetime, ask_kafka: Callable[[], KafkaView | str | None]
) -> Findings:
    """Judges the day by its cuts and its request rows, without reading a single log.

    Kafka is asked after the snapshot was opened, so that no end lies before a position; the wait is short.
    """
    ledger = snapshot.ledger(topic, day)
    kafka = ask_kafka()
    spans = ledger.spans(day)
    losses = losses_of(ledger, day)
    reasons = why_not_final(ledger, day, now, kafka, spans)
    requests = {span.place: snapshot.tallies(span, day) for span in spans}
    counts = Counts(requests, snapshot.requests_of_day(day), {}, snapshot.replays(day))
    return Findings(
        day=day,
        state=state_of(reasons, losses),
        reasons=reasons,
        spans=spans,
        gaps=ledger.gaps,
        losses=losses,
        counts=counts,
        still_in_kafka=still_in_kafka(ledger, kafka),
        imbalances=record_imbalances(spans, ledger.gaps, counts),
        known_clients=snapshot.known_clients(day),
    )


def read_rows(
    snapshot: Snapshot, findings: Findings, folder: Path, bench: Workbench, tick: Callable[[int], None]
) -> Findings:
    """Streams the day's logs to plain files in `folder`, and counts them.

    A test client's rows are counted, and written nowhere.
    """
    found: dict[tuple[str, str, int], list[int]] = {}
    with UsageFiles(folder) as usage:
        for client in findings.file_rows:
            usage.add_client(client)
        write = usage.write
        for number, row in enumerate(snapshot.play_rows(findings.day)):
            tally = found.get(row[:3])
            if tally is None:
                found[row[:3]] = tally = [0, 0]
            tally[0] += 1
            tally[1] += row[3]
            if not row[2]:
                write(row)
            if not number % TICK_ROWS:
                tick(number)
    plays: dict[Account, list[int]] = {
        (client, stream, bool(is_test)): tally for (client, stream, is_test), tally in found.items()
    }
    bench.add_sent(snapshot.stored_requests(findings.day))
    counts = replace(findings.counts, plays={account: PlayRows(*tally) for account, tally in plays.items()})
    return replace(
        findings,
        counts=counts,
        imbalances=[*findings.imbalances, *log_imbalances(counts)],
        rows_written={account: tally[0] for account, tally in plays.items() if not account[2]},
    )
