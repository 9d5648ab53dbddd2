"""Days with everything on their page that a page can have: many clients, long names, losses, revisions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from reports.balance import Account, Counts, PlayRows, Replay, Tally
from reports.books import Gap, Span
from reports.context import Context, DayTotals, TrackName
from reports.digest import Digest, Sums
from reports.editions import Edition
from reports.findings import Findings
from reports.page import NAME, write_page
from reports.proof import Loss
from reports.repeats import Repeats

DAY = date(2026, 11, 24)
TOPIC_ID = "vK3xQwErTyUiOpAsDfGhJk"
LONG = "a-client-with-a-very-long-name-that-never-ends"
PLAYS = {("acme-music", "preview"): 431_234, ("acme-music", "subscription"): 90_123, ("bolt", "catalogue"): 12_034}
PLAYS |= {(LONG, "preview"): 3_021} | {(f"client{number}", "preview"): 1_000 - number * 37 for number in range(12)}
TITLES = (
    "Sleeping in My Car (Single Version)",
    "Salt & Pepper <3",
    "An extraordinarily long title of a song that does not want to end before the line does (Live at the Royal Hall)",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
)
ARTISTS = ("Roxette", "Die Ärzte", "Orchestre Symphonique de Montréal", "坂本龍一")


def large_day(folder: Path) -> Path:
    """A final second edition of over half a million plays, with a replay, repeats and the fortnight before."""
    return _page(folder, _findings(), _digest(), Edition(2, "ab" * 32, "acme was billed as bolt", "op"), _context())


def provisional_day(folder: Path) -> Path:
    """A day that isn't proved, and has lost something."""
    gap = Gap((TOPIC_ID, 3), 1_000, None, "a disk of broker 2; ticket 4711", "op", "", DAY)
    reasons = [f"partition {number} has no cut of {DAY}: 41234 records are still in Kafka" for number in range(6)]
    findings = replace(_findings(), state="provisional", reasons=reasons, losses=[Loss(gap, 5)])
    return _page(folder, replace(findings, still_in_kafka={0: 41_234}), _digest(), Edition(), Context())


def empty_day(folder: Path) -> Path:
    """A final day on which nothing was received."""
    findings = Findings(DAY, "final", [], [Span((TOPIC_ID, 0), 7, 7, "quiet")], [], [], Counts({}, 0, {}))
    nothing = Sums((), 0, 0, 0, 0)
    hours = [Sums((hour,), 0, 0, 0, 0) for hour in range(24)]
    return _page(folder, findings, Digest(nothing, (), hours, (), (), (), (), 0), Edition(), Context())


def _page(folder: Path, findings: Findings, digest: Digest, edition: Edition, context: Context) -> Path:
    write_page(folder, findings, digest, edition, context)
    return folder / NAME


def _sums(key: tuple[object, ...], plays: int) -> Sums:
    return Sums(key, plays, plays * 97, plays // 3 + 1, plays * 4 // 5)


def _digest() -> Digest:
    total = sum(PLAYS.values())
    countries = ["GB", "US", "DE", "FR", "NO", "SE", "IT", "ES", "NL", "XK", "PL", "PT", "BE", "AT", "CH", "DK", "FI"]
    played = [(DAY - timedelta(days=days), total // (days * 8 + 1) + 1) for days in range(60, -1, -1)]
    return Digest(
        total=_sums((), total),
        by_client=[_sums(key, plays) for key, plays in PLAYS.items()],
        by_hour=[_sums((hour,), total // 40 + hour * 900) for hour in range(24)],
        by_country=[_sums((code,), total // (number + 2)) for number, code in enumerate(countries)],
        by_mode=[_sums((mode,), plays) for mode, plays in (("online", total * 4 // 5), ("offline", 900), ("", 7))],
        by_played_day=[_sums((day.isoformat(),), plays) for day, plays in played],
        top_tracks=[_sums((123_456 + number,), 9_000 // (number + 1)) for number in range(20)],
        tracks=88_123,
    )


def _context() -> Context:
    total = sum(PLAYS.values())
    clients = {client: plays * 9 // 10 for (client, _), plays in PLAYS.items()} | {"gone-silent": 300}
    before = [
        DayTotals(
            DAY - timedelta(days=days), "final", 1 + (days == 3), total - days * 9_000, total * 96, 9, 8, 7, clients
        )
        for days in range(14, 0, -1)
        if days != 6
    ]
    names = {
        123_456 + number: TrackName(TITLES[number % 4], number, ARTISTS[number % 4], "The Pop Hits")
        for number in range(20)
        if number != 4
    }
    artists = [_sums((number, ARTISTS[number % 4]), 40_000 // (number + 1)) for number in range(20)]
    return Context(before, names, artists, total * 93 // 100)


def _before(days: int, total: int, clients: dict[str, int]) -> DayTotals:
    revision, plays = 1 + (days == 3), total - days * 9_000
    return DayTotals(DAY - timedelta(days=days), "final", revision, plays, total * 96, 9, 8, 7, clients)


def _findings() -> Findings:
    accounts: dict[Account, Tally] = {
        (client, stream, False): Tally(plays // 100, plays + 12, plays, 10, 2)
        for (client, stream), plays in PLAYS.items()
    }
    spans = [Span((TOPIC_ID, number), 1_000_000 * number, 1_000_000 * number + 9_123, "record") for number in range(6)]
    requests = {span.place: accounts if span.place[1] == 0 else {} for span in spans}
    plays = {account: PlayRows(tally.stored) for account, tally in accounts.items()}
    replays = [Replay(("acme-music", "preview", False), DAY - timedelta(days=3), 2, 2, 0)]
    counts = Counts(requests, sum(tally.requests for tally in accounts.values()), plays, replays)
    return Findings(DAY, "final", [], spans, [], [], counts, repeats=Repeats(3, 120, []))


#: When the pages that have a clock are made.
NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
