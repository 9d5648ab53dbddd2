"""The proof of a day in sentences, for whoever doesn't know Kafka. Pure."""

from reports.balance import Tally
from reports.digest import Digest
from reports.findings import Findings


def proof_sentences(findings: Findings, digest: Digest) -> list[str]:
    """What was taken, what became of it, and what isn't as it should be."""
    return [*_requests(findings), *_logs(findings, digest), *_exceptions(findings)]


def _requests(findings: Findings) -> list[str]:
    records = sum(span.records for span in findings.spans)
    booked = findings.counts.requests_of_day
    lost = sum(findings.lost_at(span) for span in findings.spans)
    requests = "1 request was" if records == 1 else f"{records} requests were"
    if not findings.is_final:
        said = [f"So far {booked} requests of this day are in the books."]
        if (still := findings.still_in_kafka) is not None and (waiting := sum(still.values())):
            said.append(f"{waiting} requests are accepted and still wait in Kafka; some may belong to the day after.")
        return said
    if not records:
        return ["No request was accepted on this day: nothing can be missing."]
    if lost:
        return [f"{requests} accepted on this day. {booked} of them are in the books; {lost} are declared lost."]
    return [f"{requests} accepted on this day, and every one is in the books: {booked} of {records}."]


def _logs(findings: Findings, digest: Digest) -> list[str]:
    if not findings.counts.by_account():
        return []
    sums = sum(findings.counts.by_account().values(), Tally())
    sentence = (
        f"They held {sums.items} logs: {sums.stored} were stored, {sums.duplicate} were repeats of logs stored before,"
        f" and {sums.dead} could not be stored and are kept as dead letters."
    )
    said = [sentence]
    replayed = sum(each.stored for each in findings.counts.replays)
    tests = sum(plays.rows for account, plays in findings.counts.plays.items() if account[2])
    if replayed or tests:
        parts = [f"{sums.stored} stored"]
        parts += [f"{replayed} stored after all"] if replayed else []
        parts += [f"less {tests} of test clients"] if tests else []
        said.append(f"The files have {digest.total.plays} rows: {', '.join(parts)}.")
    else:
        said.append(f"The files have {digest.total.plays} rows, one for each stored log.")
    return said


def _exceptions(findings: Findings) -> list[str]:
    said: list[str] = []
    if unreadable := sum(tally.unreadable for tally in findings.counts.by_account().values()):
        said.append(f"{unreadable} records could not be read; each is kept as a dead letter.")
    for each in findings.counts.replays:
        client, stream, _ = each.account
        said.append(
            f"{each.stored} logs of {client} ({stream}) were stored on this day by a replay; their dead letters are of"
            f" {each.first_day}."
        )
    for loss in findings.losses:
        gap = loss.gap
        number = "an unknown number of" if gap.end is None else gap.end - gap.first
        said.append(
            f"Lost: {number} records from offset {gap.first} of partition {gap.place[1]} on: {gap.reason}"
            f" ({gap.operator})."
        )
    if (repeats := findings.repeats).requests:
        said.append(
            f"{repeats.requests} requests of {repeats.logs} logs were probably sent twice, without a key; they are"
            " counted, and named in the manifest."
        )
    return said
