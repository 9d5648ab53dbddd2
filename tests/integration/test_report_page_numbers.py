"""Every number of the page is one of the CSV files', and the page needs nothing else."""

from collections.abc import Callable

from tests.integration.beside_case import BesideCase
from tests.integration.report_case import days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY


class EveryNumberIsAFilesTest(BesideCase):
    def test_each_table_says_what_the_usage_files_say(self) -> None:
        self.fill_catalogue()
        self.day.cut(0, days_later(-1), 0, "start")
        logs = [
            Log(f"u{n % 7}".encode(), track_id=1 + n % 50, seconds=n % 60, country=("GB", "NO", "NA")[n % 3])
            for n in range(211)
        ]
        requests = (
            Request(on_the_day(3), logs[:100]),
            Request(on_the_day(17), logs[100:200], client="bolt"),
            Request(on_the_day(17), logs[200:], stream="subscription"),
        )
        end = self.day.put(0, 0, *requests)
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)
        self.made()
        usage = self.usage("acme") + self.usage("bolt")
        artist = {str(n): "1" if n % 2 else "2" for n in range(1, 40)}
        groups: dict[str, tuple[Callable[[dict[str, str]], tuple[str, ...] | None], int]] = {
            "clients": (lambda row: (row["client"], row["stream"]), 2),
            "hours": (lambda row: (str(int(row["received_at"][11:13])),), 1),
            "countries": (lambda row: (row["country"],), 1),
            "modes": (lambda row: (row["play_mode"],), 1),
            "played": (lambda row: (row["played_at"][:10],), 2),
            "tracks": (lambda row: (row["track_id"],), 4),
            "artists": (lambda row: (artist[row["track_id"]],) if row["track_id"] in artist else None, 2),
        }
        for name, (key_of, named) in groups.items():
            with self.subTest(name):
                wanted: dict[tuple[str, ...], list[dict[str, str]]] = {}
                for row in usage:
                    if (key := key_of(row)) is not None:
                        wanted.setdefault(key, []).append(row)
                width = len(next(iter(wanted)))
                rows = {tuple(row[:width]): row[named:] for row in self.table(name) if row[named] != "0"}
                if name != "tracks":
                    self.assertEqual(rows.keys(), wanted.keys())
                for shown, numbers in rows.items():
                    plays, _, seconds, listeners, long_ones = numbers
                    its = wanted[shown]
                    self.assertEqual(int(plays), len(its))
                    self.assertEqual(int(seconds), sum(int(row["total_time_played"]) for row in its))
                    self.assertEqual(int(listeners), len({(row["client"], row["user_id"]) for row in its}))
                    self.assertEqual(int(long_ones), sum(int(row["total_time_played"]) >= 30 for row in its))
        summary = self.summary()
        self.assertEqual(int(self.table("totals")[0][1]), sum(int(row["plays"]) for row in summary))

    def test_charts_and_page_need_nothing_else(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 90)
        self.made()
        page = self.page()
        self.assertEqual(len(page.xpath("//svg")), 5)
        self.assertEqual(
            len(page.xpath("//svg//*[local-name()='rect'][contains(@class, 'reactive')]")), 24 + 2 + 1 + 1 + 5
        )
        self.assertFalse(page.xpath("//script|//link|//img|//*[@src]|//a[@href]"))
