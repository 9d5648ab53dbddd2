"""Which uses hold in a country at a moment, and until when that is true."""

import unittest
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.tracks.rights import (
    AD_SUPPORTED,
    DOWNLOAD,
    SUBSCRIPTION,
    USAGE_TYPES,
    Right,
    Verdict,
    judge,
    next_change,
    rights_in,
)
from tests.fakes.releases import right

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

MOMENTS = st.integers(-50, 50).map(lambda hours: NOW + hours * HOUR)
RIGHTS = st.lists(st.builds(Right, st.sampled_from(USAGE_TYPES), MOMENTS, st.none() | MOMENTS, st.none()), max_size=6)


class RightsInCountryTest(unittest.TestCase):
    def test_a_right_is_of_the_countries_that_it_names_and_no_other(self) -> None:
        availability = [right("download", "2020-01-01T00:00:00Z", None, "GB", "IE"), right("subscriptionStreaming")]
        self.assertEqual([each.usage_type for each in rights_in("IE", availability)], [DOWNLOAD])
        self.assertEqual(len(rights_in("GB", availability)), 2)
        self.assertEqual(rights_in("US", availability), [])

    def test_moments_have_a_zone_and_fractions(self) -> None:
        (found,) = rights_in("GB", [right("download", "2020-01-01T00:00:00.500000Z", "2021-01-01T00:00:00Z")])
        self.assertEqual(found.start, datetime(2020, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC))
        self.assertEqual(found.end, datetime(2021, 1, 1, tzinfo=UTC))


class JudgeTest(unittest.TestCase):
    def judge(self, *spans: tuple[str, int, int | None], asked: tuple[str, ...] = USAGE_TYPES) -> Verdict:
        rights = [
            Right(usage, NOW + start * HOUR, None if end is None else NOW + end * HOUR, None)
            for usage, start, end in spans
        ]
        return judge(rights, asked, NOW)

    def test_a_right_holds_from_its_start_on_and_no_longer_at_its_end(self) -> None:
        self.assertIn(DOWNLOAD, self.judge((DOWNLOAD, 0, None)).holding)
        self.assertIn(DOWNLOAD, self.judge((DOWNLOAD, -1, 1)).holding)
        self.assertNotIn(DOWNLOAD, self.judge((DOWNLOAD, -1, 0)).holding)
        self.assertNotIn(DOWNLOAD, self.judge((DOWNLOAD, 1, None)).holding)

    def test_a_use_that_doesnt_hold_says_from_when_it_will(self) -> None:
        verdict = self.judge((DOWNLOAD, 5, None), (DOWNLOAD, 3, 4), (SUBSCRIPTION, -5, -1))
        self.assertEqual(verdict.refused, {DOWNLOAD: NOW + 3 * HOUR, SUBSCRIPTION: None, AD_SUPPORTED: None})
        self.assertEqual(verdict.opens_at, NOW + 3 * HOUR)
        self.assertTrue(verdict.is_known)
        self.assertFalse(self.judge().is_known)

    def test_only_the_uses_that_were_asked_for_are_judged(self) -> None:
        verdict = self.judge((DOWNLOAD, -1, None), (SUBSCRIPTION, 1, None), asked=(SUBSCRIPTION,))
        self.assertEqual((dict(verdict.holding), dict(verdict.refused)), ({}, {SUBSCRIPTION: NOW + HOUR}))

    @given(RIGHTS, st.integers(0, 100))
    def test_until_the_next_change_nothing_else_holds(self, rights: list[Right], step: int) -> None:
        verdict = judge(rights, USAGE_TYPES, NOW)
        later = NOW + step * HOUR
        if verdict.changes_at is None or later < verdict.changes_at:
            then = judge(rights, USAGE_TYPES, later)
            self.assertEqual((then.holding, then.refused), (verdict.holding, verdict.refused))

    @given(RIGHTS)
    def test_the_next_change_is_an_edge_that_is_still_to_come(self, rights: list[Right]) -> None:
        found = next_change(rights, NOW)
        edges = {edge for each in rights for edge in (each.start, each.end) if edge is not None and edge > NOW}
        self.assertEqual(found, min(edges) if edges else None)
