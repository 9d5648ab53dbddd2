"""Cron in more nights than `make test` has the time for (make infra-all)."""

from datetime import UTC, datetime

from tests.infra.infra_case import InfraCase
from tests.infra.wound import FIRES_SECONDS, LONDON, NIGHT_AFTER, NIGHT_BEFORE, STAYS_AWAY_SECONDS, nights

#: The night before Europe's clocks go back, and the one after.
SUMMER, WINTER = datetime(2027, 10, 30, 1, 40, tzinfo=UTC), datetime(2027, 11, 1, 1, 40, tzinfo=UTC)
MOMENTS = (NIGHT_BEFORE, NIGHT_AFTER, SUMMER, WINTER)


class Nights(InfraCase):
    def test_a_host_in_utc_keeps_its_hours_through_the_year(self) -> None:
        self.assertEqual(nights(self.rig, "utc", None, MOMENTS, FIRES_SECONDS), [True] * 4)

    def test_a_host_in_london_does_not(self) -> None:
        found = nights(self.rig, "london", LONDON, MOMENTS, STAYS_AWAY_SECONDS)
        self.assertEqual(found, [True, False, False, True])
