"""The charts of a day: by hour, beside the days before, by country, client and mode, and what came late."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from reports.books import ONE_DAY
from reports.charts import bars, rows
from reports.context import Context
from reports.digest import Digest, Sums

#: A chart of clients or countries shows so many; what remains is one bar.
MOST_BARS = 10
HOURS_WRITTEN = ("00", "06", "12", "18", "23")
#: Of more than a few days every third is written below its bar, today's among them.
DAYS_WRITTEN = 3
MOST_WRITTEN = 6
#: Groups of what came late: the most days before, and how they are called.
LATENESS = ((0, "same day"), (1, "1 day before"), (7, "2 to 7 days"), (30, "8 to 30 days"), (10_000, "longer ago"))


def charts_of(day: date, digest: Digest, context: Context) -> list[tuple[str, Markup]]:
    """Caption and drawing of each; none of a day without plays."""
    if not digest.total.plays:
        return []
    hours = [f"{each.key[0]:02d}" for each in digest.by_hour]
    plays = [each.plays for each in digest.by_hour]
    found = [_standing("Plays by hour of receipt (UTC)", hours, plays, HOURS_WRITTEN)]
    if context.before:
        found.append(_days(day, digest, context))
    found.append(_lying("Plays by country", by_first(digest.by_country)))
    found.append(_lying("Plays by client", by_first(digest.by_client)))
    found.append(_lying("Plays by mode", {each.key[0] or "not said": each.plays for each in digest.by_mode}))
    late = lateness(day, digest.by_played_day)
    caption = "Plays by the days between play and receipt"
    return [*found, (caption, rows(caption, list(late), list(late.values())))]


def lateness(day: date, by_played_day: Sequence[Sums]) -> dict[str, int]:
    """Plays by how long before the day of receipt they were played."""
    groups = dict.fromkeys((name for _, name in LATENESS), 0)
    for each in by_played_day:
        groups[next(name for most, name in LATENESS if days_before(day, each) <= most)] += each.plays
    return groups


def days_before(day: date, played: Sums) -> int:
    """Whole days between the day of play and the day of receipt."""
    return (day - date.fromisoformat(played.key[0])).days


def by_first(groups: Sequence[Sums]) -> dict[str, int]:
    """The plays by the first part of the key."""
    plays: dict[str, int] = {}
    for each in groups:
        plays[each.key[0]] = plays.get(each.key[0], 0) + each.plays
    return plays


def _days(day: date, digest: Digest, context: Context) -> tuple[str, Markup]:
    """The days before and this one; a day without a final report has no bar."""
    plays = {each.day: each.plays for each in context.before} | {day: digest.total.plays}
    first = min(plays)
    every = [first + number * ONE_DAY for number in range((day - first).days + 1)]
    labels = [f"{each.day} {each:%b}" for each in every]
    caption = "Plays of the days before, and of this day"
    marked = labels if len(labels) <= MOST_WRITTEN else labels[::-DAYS_WRITTEN]
    return _standing(caption, labels, [plays.get(each, 0) for each in every], marked)


def _standing(caption: str, labels: Sequence[str], values: Sequence[int], marked: Sequence[str]) -> tuple[str, Markup]:
    return caption, bars(caption, labels, values, marked)


def _lying(caption: str, groups: Mapping[str, int]) -> tuple[str, Markup]:
    """The largest groups, and the others together."""
    ordered = sorted(groups.items(), key=lambda each: (-each[1], each[0]))
    shown, others = ordered[:MOST_BARS], ordered[MOST_BARS:]
    if others:
        shown.append((f"{len(others)} others", sum(plays for _, plays in others)))
    return caption, rows(caption, [name for name, _ in shown], [plays for _, plays in shown])
