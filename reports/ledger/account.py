"""The ledger of some days: each account's logs by what became of them, and whether it all adds up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from common.database import rows
from reports.balance import Account, PlayRows, Tally, difference, log_imbalances, order_of
from reports.books import ONE_DAY
from reports.brokers import Topics, ask
from reports.findings import Findings
from reports.ledger.unread import Unread
from reports.proof import KafkaView, Ledger
from reports.queries import FIRST_DAY
from reports.reading import read_proof
from reports.snapshot import Snapshot

FINAL_DAYS = "SELECT DISTINCT day FROM report"
PLAY_COUNTS = """
SELECT client, stream, is_test, COUNT(*) FROM play_log WHERE received_day = %s GROUP BY client, stream, is_test"""


@dataclass(frozen=True)
class Line:
    """One account of a day: accepted = stored + duplicate + dead-lettered + still in Kafka, in logs."""

    account: Account
    tally: Tally
    still_in_kafka: int
    rows: int
    replayed: int
    balance: int

    @property
    def accepted(self) -> int:
        return self.tally.items + self.still_in_kafka


@dataclass(frozen=True)
class DayLedger:
    """A day's accounts, and every equation that doesn't hold, in words."""

    findings: Findings
    lines: Sequence[Line]
    imbalances: Sequence[str]


@dataclass(frozen=True)
class Reading:
    """All that was read in one snapshot: each day's findings, what is unread, and what Kafka said meanwhile."""

    days: Sequence[Findings]
    books: Ledger
    kafka: KafkaView | str

    def unread_spans(self) -> dict[int, tuple[int, int]]:
        """By partition, the offsets that Kafka had after the snapshot and the snapshot's ledger hasn't."""
        if not isinstance(self.kafka, KafkaView):
            return {}
        spans: dict[int, tuple[int, int]] = {}
        for number, end in self.kafka.ends.items():
            books = self.books.books.get((self.kafka.topic_id, number))
            spans[number] = ((books.next_offset or 0) if books else 0, end)
        return spans


class LedgerSnapshot(Snapshot):
    """A snapshot that also counts the rows of a day, without reading what is in them."""

    def open_days(self, today: date) -> list[date]:
        """The days from the first that has a record to today that have no final report."""
        ((first,),) = rows(self._connection, FIRST_DAY)
        if not isinstance(first, date):
            return [today]
        final = {day for (day,) in rows(self._connection, FINAL_DAYS)}
        days = [first + number * ONE_DAY for number in range((today - first).days + 1)]
        return [day for day in days if day not in final]

    def play_counts(self, day: date) -> dict[Account, PlayRows]:
        """The rows of play_log by account."""
        found = self._rows(PLAY_COUNTS, (day,))
        return {(client, stream, bool(is_test)): PlayRows(count) for client, stream, is_test, count in found}


def read(snapshot: LedgerSnapshot, topics: Topics, topic: str, days: Sequence[date], now: datetime) -> Reading:
    """Reads the days. Kafka is asked after the snapshot was opened: what is stored meanwhile still counts as unread."""
    kafka = ask(topics, topic)
    found: list[Findings] = []
    for day in days:
        findings = read_proof(snapshot, topic, day, now, lambda: kafka)
        found.append(replace(findings, counts=replace(findings.counts, plays=snapshot.play_counts(day))))
    return Reading(found, snapshot.ledger(topic, now.date()), kafka)


def balance(reading: Reading, unread: Unread, wanted: Callable[[Account], bool]) -> list[DayLedger]:
    """The accounts of each day that was read."""
    return [_day(findings, _unread_of(unread, findings.day), wanted) for findings in reading.days]


def _day(findings: Findings, unread: Mapping[Account, int], wanted: Callable[[Account], bool]) -> DayLedger:
    counts = findings.counts
    tallies = counts.by_account()
    lines = [
        Line(
            account=account,
            tally=tally,
            still_in_kafka=unread.get(account, 0),
            rows=counts.plays_of(account).rows,
            replayed=counts.replayed(account),
            balance=difference(counts, account, tally),
        )
        for account, tally in ((each, tallies.get(each, Tally())) for each in sorted({*tallies, *unread}, key=order_of))
        if account[0] is not None and wanted(account)
    ]
    return DayLedger(findings, lines, [*findings.imbalances, *log_imbalances(counts)])


def _unread_of(unread: Unread, day: date) -> dict[Account, int]:
    return {
        (client, stream, is_test): logs
        for (appended, client, stream, is_test), logs in unread.logs.items()
        if appended == day and client is not None
    }
