"""What a page says beside its own data is kept with the report, word for word."""

import unittest
from datetime import date, timedelta

from reports.context import Context, DayTotals, TrackName, context_text, read_context, read_totals
from reports.day_charts import lateness
from reports.digest import Digest, Sums

DAY = date(2026, 11, 24)
NONE = Sums((), 0, 0, 0, 0)
BEFORE = DayTotals(DAY - timedelta(days=1), "final", 2, 9, 8, 7, 6, 5, {"acme": 9})


def digest_of(*clients: Sums, total: Sums = NONE) -> Digest:
    return Digest(total, clients, (), (), (), (), (), 0)


class ContextTest(unittest.TestCase):
    def test_it_comes_back_as_it_was(self) -> None:
        artists = (Sums((3, "Söhne & <b>"), 4, 3, 2, 1),)
        context = Context([BEFORE], {7: TrackName("a 'title'", 3, "Söhne", "r")}, list(artists), 4)
        self.assertEqual(read_context(context_text(context, digest_of())), context)

    def test_a_later_day_finds_the_totals_in_it(self) -> None:
        clients = Sums(("acme", "preview"), 3, 30, 2, 1), Sums(("acme", "catalogue"), 2, 20, 1, 1)
        digest = digest_of(*clients, total=Sums((), 5, 50, 3, 2))
        totals = read_totals(DAY, "final", 1, 99, context_text(Context(), digest))
        self.assertEqual(totals, DayTotals(DAY, "final", 1, 5, 50, 3, 2, 0, {"acme": 5}))

    def test_an_earlier_version_kept_the_number_of_rows_alone(self) -> None:
        self.assertEqual(read_totals(DAY, "final", 1, 99, None), DayTotals(DAY, "final", 1, 99))

    def test_a_day_before_is_found_by_its_distance(self) -> None:
        context = Context([BEFORE])
        self.assertEqual((context.day_before(DAY), context.day_before(DAY, 7)), (BEFORE, None))


class LatenessTest(unittest.TestCase):
    def test_each_day_of_play_is_in_one_group(self) -> None:
        days = {0: 1, 1: 2, 2: 4, 7: 8, 8: 16, 30: 32, 31: 64, 61: 128, -1: 256}
        played = [Sums(((DAY - timedelta(days=days)).isoformat(),), plays, 0, 0, 0) for days, plays in days.items()]
        self.assertEqual(list(lateness(DAY, played).values()), [1 + 256, 2, 4 + 8, 16 + 32, 64 + 128])
