"""A trace as a person reads it, and as a machine does."""

from typing import Any

from reports.receipt.trace import Found, Lost, Missing, NotYet, Row, Trace
from reports.usage import file_name, uuid_text

OUTCOMES = {
    "stored": "stored",
    "duplicate_record": "a repeat of a record that is stored: counted, not stored again",
    "duplicate_key": "a repeat under the same Idempotency-Key: counted, not stored again",
    "key_conflict": "stored; its Idempotency-Key had been used for other content before",
    "unreadable": "unreadable: kept as a dead letter",
}


def lines_of(trace: Trace) -> list[str]:
    """What became of the request, line by line."""
    match trace:
        case NotYet(before, rate):
            wait = f", about {before / rate:.0f} s at the present rate" if rate and before else ""
            return [f"acknowledged: in Kafka, not read yet; {before} records lie before it{wait}"]
        case Lost(reason, operator):
            return [f"lost: declared by {operator}, for {reason}"]
        case Missing(why):
            return [f"not found: {why}"]
        case Found():
            return _lines_of_found(trace)


def _lines_of_found(found: Found) -> list[str]:
    row = found.row
    lines = [
        f"{OUTCOMES.get(row.outcome, row.outcome)}",
        f"request {_id(row.request_id)} of {row.client}, stream {row.stream}{' (test client)' if row.is_test else ''}",
        f"record: topic {row.topic_id}, partition {row.partition}, offset {row.offset}",
        f"booked at {row.booked_at.isoformat(timespec='microseconds')}Z, received day {row.received_day}",
        f"logs: {row.n_items}, of which {row.n_stored} stored, {row.n_duplicate} repeats, {row.n_dead} dead-lettered",
    ]
    if found.rows_stored != row.n_stored and not row.duplicate_of:
        replayed = sum(each.stored for each in found.replays if each.day == row.received_day)
        if found.rows_stored != row.n_stored + replayed:
            lines.append(
                f"BUT {found.rows_stored} rows of it are in play_log: removed by retention, or changed by hand"
            )
    if row.duplicate_of is not None:
        lines.append(f"repeats request {_id(row.duplicate_of)}{_place(found.first)}")
    for letter in found.letters:
        item = "the record" if letter.item is None else f"log {letter.item}"
        lines.append(f"dead letter {letter.id} ({letter.state}): {item}: {letter.reason}")
    lines += [f"dead letter {each.letter}: {each.stored} logs replayed, booked on {each.day}" for each in found.replays]
    return [*lines, _report(found)]


def _report(found: Found) -> str:
    row = found.row
    if found.edition is None:
        return f"the report of {row.received_day} isn't final yet"
    revision, state = found.edition
    if row.is_test or row.client is None:
        return f"the report of {row.received_day} is {state}, revision {revision}; a test client has no file"
    return f"the report of {row.received_day} is {state}, revision {revision}: {file_name(row.client)}.gz"


def document_of(trace: Trace) -> dict[str, Any]:
    """The same for machines."""
    match trace:
        case NotYet(before, rate):
            return {"state": "acknowledged", "records_before": before, "records_per_second": rate}
        case Lost(reason, operator):
            return {"state": "lost", "reason": reason, "operator": operator}
        case Missing(why):
            return {"state": "not found", "reason": why}
        case Found(row, stored, letters, replays, edition, first):
            return {
                "state": row.outcome,
                **_row(row),
                "duplicate_of": None if row.duplicate_of is None else _id(row.duplicate_of),
                "first": None if first is None else _row(first),
                "rows_stored": stored,
                "dead_letters": [vars(each) for each in letters],
                "replays": [vars(each) for each in replays],
                "report": None if edition is None else {"revision": edition[0], "state": edition[1]},
            }


def _row(row: Row) -> dict[str, Any]:
    facts = dict(vars(row))
    return facts | {"request_id": _id(row.request_id), "duplicate_of": _id(row.duplicate_of)}


def _id(value: bytes | None) -> str | None:
    return None if value is None else uuid_text(value)


def _place(first: Row | None) -> str:
    if first is None:
        return ", whose row is gone"
    return f", booked on {first.received_day} at partition {first.partition}, offset {first.offset}"


def status_of(trace: Trace) -> int:
    """0 for whatever is as it should be, 1 for what is lost or not found."""
    return 1 if isinstance(trace, Lost | Missing) else 0
