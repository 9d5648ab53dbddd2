"""The manifest: what the files are, what they add up to, and the proof that a third party can check."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reports.balance import Account, Counts, PlayRows, Replay, Tally, difference
from reports.editions import Edition
from reports.files import Made
from reports.findings import Findings
from reports.proof import Loss

NAME = "manifest.json"
#: Rises when the same data gives other bytes than before, in the manifest or on the page. The first one wasn't named.
FORMAT = 2


def manifest_bytes(findings: Findings, files: Sequence[Made], edition: Edition, late: Mapping[str, int]) -> bytes:
    """The manifest as it is written. No clock and no machine is in it: the same data gives the same bytes.

    `late` counts the day's logs by the day on which they were played.
    """
    document = {
        "format": FORMAT,
        "day": findings.day.isoformat(),
        "state": findings.state,
        "revision": edition.revision if findings.is_final else None,
        "supersedes": superseded(edition),
        "reason": edition.reason,
        "operator": edition.operator,
        "reasons": list(findings.reasons),
        "clients": list(findings.file_rows),
        "files": {made.name: {"sha256": made.sha256, "bytes": made.bytes, "rows": made.rows} for made in files},
        "played_days": dict(late),
        "totals": totals(findings.counts, findings.rows_written),
        "unreadable_records": sum(tally.unreadable for tally in findings.counts.by_account().values()),
        "replays": [_replay(each) for each in findings.counts.replays],
        "proof": proof(findings),
        "suspected_repeats": {
            "window_hours": 48,
            "requests": findings.repeats.requests,
            "logs": findings.repeats.logs,
            "named": findings.repeats.named,
        },
    }
    if not findings.is_final:
        still = findings.still_in_kafka
        document["still_in_kafka"] = None if still is None else {str(number): count for number, count in still.items()}
    return manifest_text(document)


def manifest_text(document: Mapping[str, Any]) -> bytes:
    """A manifest's document as its file holds it."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def superseded(edition: Edition) -> dict[str, object] | None:
    """The edition before, by its number and its manifest's SHA-256."""
    if edition.supersedes is None:
        return None
    return {"revision": edition.revision - 1, "manifest_sha256": edition.supersedes}


def totals(counts: Counts, rows_written: Mapping[Account, int]) -> list[dict[str, Any]]:
    """One entry a client and stream. Test clients are here, and in the balance, but in no file."""
    return [
        {
            "client": account[0],
            "stream": account[1],
            "is_test": account[2],
            **_sums(tally, counts.plays_of(account)),
            "rows_written": rows_written.get(account, 0),
            "replayed": counts.replayed(account),
            "balance": difference(counts, account, tally),
        }
        for account, tally in counts.by_account().items()
        if account[0] is not None
    ]


def proof(findings: Findings) -> dict[str, Any]:
    """The day's offsets of each partition and what became of every record between them."""
    spans, counts = findings.spans, findings.counts
    lost = {span.place: findings.lost_at(span) for span in spans}
    return {
        "partitions": [
            {
                "topic_id": span.place[0],
                "partition": span.place[1],
                "from_offset": span.first,
                "to_offset": span.end,
                "cut": span.cause,
                "records": span.records,
                "request_rows": counts.rows_at(span.place),
                "lost": lost[span.place],
            }
            for span in spans
        ],
        "losses": [_loss(loss) for loss in findings.losses],
        "balance": {
            "records": sum(span.records for span in spans),
            "request_rows": counts.requests_of_day,
            "lost": sum(lost.values()),
            "difference": sum(span.records for span in spans) - counts.requests_of_day - sum(lost.values()),
        },
    }


def _sums(tally: Tally, plays: PlayRows) -> dict[str, int]:
    return {
        "requests": tally.requests,
        "accepted": tally.items,
        "stored": tally.stored,
        "duplicate": tally.duplicate,
        "dead_lettered": tally.dead,
        "key_conflicts": tally.key_conflicts,
        "id_conflicts": plays.id_conflicts,
    }


def _replay(replay: Replay) -> dict[str, Any]:
    client, stream, is_test = replay.account
    return {
        "client": client,
        "stream": stream,
        "is_test": is_test,
        "first_day": replay.first_day.isoformat(),
        "dead_letters": replay.letters,
        "stored": replay.stored,
        "duplicate": replay.duplicate,
    }


def _loss(loss: Loss) -> dict[str, Any]:
    gap = loss.gap
    return {
        "topic_id": gap.place[0],
        "partition": gap.place[1],
        "from_offset": gap.first,
        "to_offset": gap.end,
        "records": loss.records,
        "records_declared": None if gap.end is None else gap.end - gap.first,
        "reason": gap.reason,
        "operator": gap.operator,
        "declared_at": gap.declared_at,
    }
