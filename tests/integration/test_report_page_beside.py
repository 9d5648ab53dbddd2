"""What the page says beside the day's own data: names from the catalogue, and the days before."""

from tests.integration.beside_case import BesideCase
from tests.integration.report_case import days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY, SCHEMA
from tests.integration.shared_stack import shared_stack


class NamesTest(BesideCase):
    def test_tracks_and_artists_have_their_names_where_the_catalogue_knows_them(self) -> None:
        self.fill_catalogue()
        self.day.cut(0, days_later(-1), 0, "start")
        end = self.day.put(0, 0, Request(on_the_day(1), [Log(track_id=n) for n in (1, 1, 2, 77, 77, 77)]))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)
        self.made()
        tracks = [row[:5] for row in self.table("tracks")]
        self.assertEqual(
            tracks,
            [
                ["77", "–", "–", "–", "3"],
                ["1", "Song 1 (live)", "Café & Söhne", "First <album>", "2"],
                ["2", "Song 2", "b", "First <album>", "1"],
            ],
        )
        self.assertEqual([row[:3] for row in self.table("artists")], [["1", "Café & Söhne", "2"], ["2", "b", "1"]])
        self.assertIn("knows the tracks of 50.0 % of the plays", self.page().text_content())

    def test_the_page_made_again_says_what_the_catalogue_said_then(self) -> None:
        self.fill_catalogue()
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 60)
        self.made()
        before = self.bytes_of()
        self.run_sql("UPDATE catalogue_artist SET name = 'renamed'")
        self.run_sql("DELETE FROM catalogue_track WHERE track_id < 20")
        (self.root / DAY.isoformat() / "report.html").unlink()
        self.made()
        self.assertEqual(self.bytes_of(), before)
        self.assertEqual(self.revise("nothing has changed"), 0)
        self.assertIn("no revision was made", self.out.getvalue())

    def test_a_revision_says_what_the_catalogue_says_now(self) -> None:
        self.fill_catalogue()
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 60)
        self.made()
        self.run_sql("UPDATE catalogue_artist SET name = 'renamed' WHERE artist_id = 2")
        self.run_sql("UPDATE play_log SET country = 'FR' WHERE item = 0")
        self.assertEqual(self.revise("a wrong country"), 0, self.err.getvalue())
        self.assertIn("renamed", [row[1] for row in self.table("artists", f"{DAY}.r2")])
        self.assertNotIn("renamed", [row[1] for row in self.table("artists")])

    def test_a_catalogue_that_may_not_be_read_costs_the_names_alone(self) -> None:
        self.fill_catalogue()
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 60)
        grant = f"SELECT (artist_id, name) ON {SCHEMA}.catalogue_artist"
        shared_stack().mariadb.execute(f"REVOKE {grant} FROM playlog_reports")
        self.addCleanup(shared_stack().mariadb.execute, f"GRANT {grant} TO playlog_reports")
        with self.assertLogs("reports.naming", "WARNING") as logs:
            self.made()
        self.assertIn("grants.sql", logs.output[0])
        self.assertEqual(self.table("tracks")[0][1:4], ["–", "–", "–"])
        self.assertIn("knew none of these tracks", self.page().get_element_by_id("artists").text_content())


class DaysBeforeTest(BesideCase):
    def test_it_is_compared_with_the_final_days_before(self) -> None:
        self.day.cut(0, days_later(-8), 0, "start")
        end = self.write(7, 50, "bolt")
        for days in range(6, 1, -1):
            self.day.cut(0, days_later(-days), end)
        end = self.write(1, 100, offset=end)
        self.write(0, 150, offset=end)
        for days in (7, 1, 0):
            self.made(days)
        before = {row[0]: row[1:5] for row in self.table("before")}
        self.assertEqual(before[days_later(-1).isoformat()], ["final", "100", "+50.0 %", "2550"])
        self.assertEqual(before[days_later(-7).isoformat()][:3], ["final", "50", "+200.0 %"])
        self.assertEqual(len(before), 2)
        clients = {row[0]: row[1:] for row in self.table("clients-before")}
        self.assertEqual(clients, {"acme": ["150", "+50.0 %", "–"], "bolt": ["0", "–", "−100.0 %"]})
        (tile,) = self.page().xpath("//dl[@class='tiles']/div[dt='plays']")
        self.assertEqual(
            [each.text for each in tile.xpath("dd")][1:], ["+50.0 % to the day before", "+200.0 % to a week before"]
        )

    def test_a_day_before_that_is_revised_later_changes_nothing(self) -> None:
        self.day.cut(0, days_later(-2), 0, "start")
        self.write(0, 150, offset=self.write(1, 100))
        self.made(1)
        self.made(0)
        before = self.bytes_of()
        self.run_sql("UPDATE play_log SET total_time_played = 1 WHERE received_day = %s", days_later(-1))
        self.assertEqual(self.revise("too long", days_later(-1)), 0, self.err.getvalue())
        self.made(0)
        self.assertEqual(self.bytes_of(), {**before, "_SUCCESS": b""})

    def test_the_first_day_says_that_there_is_none_before(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 5)
        self.made()
        self.assertIn("no final report of the days before", self.page().text_content())
