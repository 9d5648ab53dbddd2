"""The conservation law of a day: each record has its row, each log was stored, repeated or dead-lettered. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from reports.books import Gap, Place, Span, lost_in

#: Client and stream; None for records that couldn't be read. The third part says whether the client is a test client.
Account = tuple[str | None, str | None, bool]


@dataclass(frozen=True)
class Tally:
    """Sums over request rows."""

    requests: int = 0
    items: int = 0
    stored: int = 0
    duplicate: int = 0
    dead: int = 0
    key_conflicts: int = 0
    unreadable: int = 0
    #: Rows within the day's offsets that say they belong to another day.
    misdated: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class PlayRows:
    """Counts over the rows of play_log."""

    rows: int = 0
    id_conflicts: int = 0


@dataclass(frozen=True)
class Replay:
    """Dead letters of an earlier or the same day that were stored on this one; all of one account and first day."""

    account: Account
    first_day: date
    letters: int
    stored: int
    duplicate: int


@dataclass(frozen=True)
class Counts:
    """All that was counted in one snapshot: request rows by partition and account, play rows by account."""

    requests: Mapping[Place, Mapping[Account, Tally]]
    requests_of_day: int
    plays: Mapping[Account, PlayRows]
    replays: Sequence[Replay] = ()

    def by_account(self) -> dict[Account, Tally]:
        """The request rows' sums, whatever their partition; an account that only has other rows is there too."""
        sums = {account: Tally() for account in (*self.plays, *(each.account for each in self.replays))}
        for accounts in self.requests.values():
            for account, tally in accounts.items():
                sums[account] = sums.get(account, Tally()) + tally
        return {account: sums[account] for account in sorted(sums, key=order_of)}

    def plays_of(self, account: Account) -> PlayRows:
        """The account's rows of play_log."""
        return self.plays.get(account, PlayRows())

    def replayed(self, account: Account) -> int:
        """The account's logs that replays have stored on the day."""
        return sum(each.stored for each in self.replays if each.account == account)

    def rows_at(self, place: Place) -> int:
        """The request rows within the day's offsets of a partition."""
        return sum(tally.requests for tally in self.requests.get(place, {}).values())


def order_of(account: Account) -> tuple[str, str, bool]:
    """Sorts accounts: those without a client first."""
    return (account[0] or "", account[1] or "", account[2])


def difference(counts: Counts, account: Account, tally: Tally) -> int:
    """Accepted logs that are in no column, and stored ones without their row: 0 when the account balances."""
    stored = tally.stored + counts.replayed(account)
    in_no_column = tally.items - tally.stored - tally.duplicate - tally.dead
    return abs(in_no_column) + abs(stored - counts.plays_of(account).rows)


def record_imbalances(spans: Sequence[Span], gaps: Sequence[Gap], counts: Counts) -> list[str]:
    """Every broken equation between the day's offsets and the request rows, in words; none when they agree."""
    found: list[str] = []
    for span in spans:
        rows, lost = counts.rows_at(span.place), lost_in(span, gaps)
        if span.records != rows + lost:
            found.append(
                f"partition {span.place[1]} of topic {span.place[0]}: {span.records} records from offset {span.first}"
                f" to {span.end}, but {rows} request rows and {lost} declared lost"
            )
    for account, tally in counts.by_account().items():
        if tally.misdated:
            found.append(f"{_name(account)}: {tally.misdated} requests within the day's offsets say another day")
    inside = sum(counts.rows_at(span.place) for span in spans)
    if inside != counts.requests_of_day:
        found.append(f"{counts.requests_of_day} requests say this day, but {inside} lie within its offsets")
    return found


def log_imbalances(counts: Counts) -> list[str]:
    """Every account whose logs aren't all stored, repeated or dead-lettered, or whose rows aren't those stored."""
    found: list[str] = []
    for account, tally in counts.by_account().items():
        if tally.items != tally.stored + tally.duplicate + tally.dead:
            found.append(
                f"{_name(account)}: {tally.items} logs accepted, but {tally.stored} stored, {tally.duplicate} duplicate"
                f" and {tally.dead} dead-lettered"
            )
        rows, replayed = counts.plays_of(account).rows, counts.replayed(account)
        if tally.stored + replayed != rows:
            also = f" and {replayed} by replays" if replayed else ""
            found.append(
                f"{_name(account)}: {tally.stored} logs stored by the request rows{also}, but {rows} in play_log"
            )
    return found


def _name(account: Account) -> str:
    return f"client {account[0]}, stream {account[1]}"
