"""What the tests share of what a page says beside its own data: a catalogue, and days with plays of its tracks."""

from typing import Any

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

ARTIST = "INSERT INTO catalogue_artist (artist_id, name) VALUES (%s, %s)"
RELEASE = "INSERT INTO catalogue_release (release_id, title, type, artist_id) VALUES (1, 'First <album>', 'Album', 1)"
TRACK = """
INSERT INTO catalogue_track (track_id, release_id, title, version_title, type, track_number, artist_id)
VALUES (%s, %s, %s, %s, 'audio', 1, %s)"""


class BesideCase(ReportCase):
    def run_sql(self, sql: str, *values: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
        self.connection.commit()

    def fill_catalogue(self) -> None:
        """Artist 1 has the odd tracks below 40, artist 2 the even ones; 40 and beyond aren't known."""
        for number, name in ((1, "Café & Söhne"), (2, "b")):
            self.run_sql(ARTIST, number, name)
        self.run_sql(RELEASE)
        for number in range(1, 40):
            self.run_sql(TRACK, number, 1, f"Song {number}", "live" if number == 1 else "", 1 if number % 2 else 2)

    def write(self, days_before: int, plays: int, client: str = "acme", offset: int = 0) -> int:
        """A final day so many days before DAY, with that many plays of tracks 1 to 50; returns the next offset."""
        day = days_later(-days_before)
        logs = [
            Log(
                f"u{number % 7}".encode(),
                track_id=1 + number % 50,
                seconds=number % 60,
                country="GB" if number % 3 else "NO",
            )
            for number in range(plays)
        ]
        end = self.day.put(0, offset, Request(on_the_day(plays % 24) + (day - DAY), logs, client=client))
        self.day.cut(0, day, end)
        self.kafka = self.kafka_with(end)
        return end

    def made(self, days_before: int = 0) -> None:
        self.assertEqual(self.report(days_later(-days_before)), 0, self.err.getvalue() + self.out.getvalue())
