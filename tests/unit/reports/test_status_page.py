"""The operator's page, from made-up facts: what it says, what it leads to, and what it must never say."""

import tempfile
import unittest
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lxml import html

from reports.balance import Account, Tally
from reports.status.beside import Beside, JobEnd, Letters, Outbox, Today, job_ends
from reports.status.health import JOB_SECONDS, Part, age, health, wanted_beside
from reports.status.html import MODE, Place, page_text, trouble_text, write_page
from tests.unit.reports.test_status import GOOD, NOW, TODAY, WELL, YESTERDAY, final, opened

ACCOUNTS: dict[Account, Tally] = {
    ("acme", "preview", False): Tally(1, 10, 7, 2, 1),
    ("smoke", "preview", True): Tally(1, 1, 1),
}
QUIET = Beside(3, Today(TODAY, ACCOUNTS, [8] + [0] * 23), [], Outbox(0, None, 0), [])
PLACE = Place(Path("/srv/reports/status.html"), Path("/srv/reports"))
HOUR_AGO = NOW - timedelta(hours=1)
EMPTY = Beside(0, Today(TODAY, {}, [0] * 24), [], None, [])


class StatusPageTest(unittest.TestCase):
    def page(
        self, facts: Any = WELL, beside: Beside = QUIET, wanted: tuple[str, ...] = (), place: Place = PLACE
    ) -> Any:
        return html.document_fromstring(page_text(facts, beside, wanted, place, NOW))

    def table(self, page: Any, name: str) -> list[list[str]]:
        (found,) = page.xpath(f"//table[@id='{name}']")
        return [[cell.text_content() for cell in row.xpath("td")] for row in found.xpath(".//tbody/tr")]

    def test_when_all_is_well_it_says_so(self) -> None:
        page = self.page()
        self.assertEqual(page.get_element_by_id("state").text_content().strip(), "All is well")
        self.assertEqual(page.get_element_by_id("state").get("class"), "state good")
        self.assertEqual(page.findtext(".//title"), "Playlog, the data centre")

    def test_what_wants_a_person_comes_first_and_is_in_the_title(self) -> None:
        page = self.page(wanted=("partition 0 is held: <too> many",))
        self.assertEqual(
            [each.text for each in page.xpath("//ul[@id='wanted']/li")], ["partition 0 is held: <too> many"]
        )
        self.assertEqual(page.findtext(".//title"), "LOOK: Playlog, the data centre")
        self.assertIn("1 thing wants a person", page.get_element_by_id("state").text_content())

    def test_a_final_day_leads_to_its_newest_report(self) -> None:
        days = [replace(final(YESTERDAY - timedelta(days=1)), revision=2), final(YESTERDAY), opened(TODAY)]
        page = self.page(replace(WELL, days=days))
        self.assertEqual(
            [each.get("href") for each in page.xpath("//table[@id='days']//a")],
            [f"{YESTERDAY}/report.html", f"{YESTERDAY - timedelta(days=1)}.r2/report.html"],
        )
        elsewhere = self.page(place=Place(Path("/srv/www/status.html"), Path("/srv/reports")))
        self.assertEqual(elsewhere.xpath("//table[@id='days']//a/@href"), [f"../reports/{YESTERDAY}/report.html"])
        self.assertFalse(self.page(place=replace(PLACE, report_dir=None)).xpath("//table[@id='days']//a"))

    def test_dead_letters_have_the_command_that_replays_them(self) -> None:
        letters = [Letters("acme", "error 1406", 1200, 17, TODAY), Letters(None, "not JSON", 1, 9, YESTERDAY)]
        letters.append(Letters("o'b; rm", "error 1406", 1, 20, TODAY))
        rows = self.table(self.page(beside=replace(QUIET, letters=letters)), "letters")
        tail = "--reason 'what was mended' --dry-run"
        self.assertEqual(
            rows[0], ["acme", "1200", str(TODAY), "error 1406", f"playlog dead-letters replay --client acme {tail}"]
        )
        self.assertEqual(rows[1][4], f"playlog dead-letters replay 9 {tail}")
        self.assertIn("""--client 'o'"'"'b; rm' --reason""", rows[2][4])

    def test_the_ledger_of_today_is_by_client_unless_it_is_too_much(self) -> None:
        page = self.page()
        self.assertEqual(
            self.table(page, "ledger"),
            [["acme", "preview", "10", "7", "2", "1"], ["smoke (test)", "preview", "1", "1", "0", "0"]],
        )
        self.assertEqual(len(page.xpath("//svg")), 1)
        page = self.page(beside=replace(QUIET, today=None, records=3_000_000))
        self.assertIn("3000000 requests were stored", page.get_element_by_id("too-many").text_content())

    def test_the_end_of_the_backlog(self) -> None:
        self.assertIn("there is none", self.page().text_content())
        busy = replace(WELL, partitions=[replace(each, lag=50) for each in WELL.partitions])
        going = replace(GOOD, lag_seconds=90.0, backlog_end_seconds=1800.0)
        text = self.page(replace(busy, persisters=[going])).text_content()
        self.assertIn("07:30 UTC", text)
        self.assertIn("the oldest 90 s old", text)
        stuck = replace(GOOD, lag_seconds=90.0, backlog_end_seconds=None)
        self.assertIn("not in sight", self.page(replace(busy, persisters=[stuck])).text_content())

    def test_without_kafka_and_at_the_very_beginning_it_is_a_page_too(self) -> None:
        away = replace(WELL, kafka="no answer in time", partitions=[replace(WELL.partitions[0], lag=None)])
        self.assertIn("Kafka could not be asked", self.page(away).text_content())
        first = replace(WELL, persisters=[], partitions=[], days=[])
        text = self.page(first, EMPTY).text_content()
        for words in ("nothing was received yet", "nothing today yet", "none was heard of", "None is open."):
            self.assertIn(words, text)

    def test_declared_losses_are_listed(self) -> None:
        gaps = [("id", 3, 10, 25, "disk", NOW), ("id", 4, 7, None, "made again", NOW)]
        rows = self.table(self.page(replace(WELL, gaps=gaps)), "losses")
        self.assertEqual([row[:3] for row in rows], [["3", "10", "15"], ["4", "7", "unknown"]])

    def test_a_database_that_is_away_is_what_the_page_says(self) -> None:
        page: Any = html.document_fromstring(trouble_text("The database can't be asked: error 2002.", NOW))
        self.assertIn("error 2002", page.get_element_by_id("wanted").text_content())
        self.assertNotIn("All is well", page.text_content())

    def test_it_needs_nothing_else_and_says_how_old_it_is(self) -> None:
        page = self.page()
        self.assertFalse(page.xpath("//link|//img|//*[@src]"))
        self.assertEqual(page.get_element_by_id("made").get("datetime"), "2026-11-25T07:00:00Z")
        self.assertEqual(page.xpath("//meta[@http-equiv='refresh']/@content"), ["60"])


class HealthTest(unittest.TestCase):
    def part(self, name: str, facts: Any = WELL, beside: Beside = QUIET) -> Part:
        (found,) = [each for each in health(facts, beside, NOW) if each.name == name]
        return found

    def test_all_parts_are_well(self) -> None:
        jobs = [JobEnd(word, 0, NOW) for word in JOB_SECONDS]
        parts = health(WELL, replace(QUIET, jobs=jobs), NOW)
        self.assertEqual({each.state for each in parts}, {"ok"})
        self.assertEqual(len(parts), len(health(WELL, replace(QUIET, jobs=None), NOW)) + len(JOB_SECONDS))

    def test_each_part_says_what_is_wrong_with_it(self) -> None:
        silent = replace(GOOD, name="host:2", seen_seconds_ago=70.0)
        cases = (
            ("persisters", replace(WELL, persisters=[GOOD, silent]), QUIET, "look", "silent: host:2"),
            ("Kafka", replace(WELL, kafka="no answer in time"), QUIET, "unknown", "no answer in time"),
            ("tables", replace(WELL, days_ahead=2), QUIET, "look", "2 days ahead"),
            ("tables", replace(WELL, days_ahead=None), QUIET, "unknown", "can't be seen"),
            ("reports", replace(WELL, days=[opened(YESTERDAY)]), QUIET, "look", str(YESTERDAY)),
            ("REPORT_HOOK", replace(WELL, days=[replace(final(YESTERDAY), hook_state="waiting", hook_tries=4)]), QUIET,
             "look", "after 4 tries"),
            ("catalogue", WELL, replace(QUIET, outbox=Outbox(3, 400, 0)), "look", "3 releases wait"),
            ("catalogue", WELL, replace(QUIET, outbox=Outbox(3, 4, 1)), "look", "1 could not be"),
            ("catalogue", WELL, replace(QUIET, outbox=Outbox(3, 4, 0)), "ok", "the oldest for 4 s"),
            ("catalogue", WELL, replace(QUIET, outbox=None), "unknown", "grants.sql"),
            ("job migrate", WELL, QUIET, "unknown", "no run of it has left a note"),
            ("job ledger", WELL, replace(QUIET, jobs=[JobEnd("ledger", 1, NOW)]), "look", "status 1"),
            ("job report", WELL, replace(QUIET, jobs=[JobEnd("report", 75, NOW)]), "ok", "status 75"),
            ("job report", WELL, replace(QUIET, jobs=[JobEnd("report", 0, HOUR_AGO)]), "look", "60 min"),
        )  # fmt: skip
        for name, facts, beside, state, words in cases:
            with self.subTest(name, words=words):
                part = self.part(name, facts, beside)
                self.assertEqual(part.state, state, part.about)
                self.assertIn(words, part.about)

    def test_a_yesterday_that_is_not_due_yet_is_no_reason_to_look(self) -> None:
        early = NOW.replace(hour=3)
        facts = replace(WELL, days=[opened(YESTERDAY)])
        (found,) = [each for each in health(facts, QUIET, early) if each.name == "reports"]
        self.assertEqual((found.state, "expected by 06:00" in found.about), ("ok", True))

    def test_catalogue_and_jobs_join_what_wants_a_person(self) -> None:
        beside = replace(QUIET, outbox=Outbox(3, 400, 0), jobs=[JobEnd("ledger", 1, NOW)])
        self.assertEqual(len(wanted_beside(health(replace(WELL, days_ahead=1), beside, NOW))), 2)

    def test_ages_are_said_as_people_say_them(self) -> None:
        said = [age(seconds) for seconds in (0, 119, 120, 7199, 7200, 172_799, 172_800)]
        self.assertEqual(said, ["0 s", "119 s", "2 min", "120 min", "2 h", "48 h", "2 days"])


class FileTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_it_replaces_the_former_page_and_leaves_nothing_beside_it(self) -> None:
        file = self.folder / "status.html"
        for text in ("one", "two"):
            write_page(file, text)
            self.assertEqual(file.read_text(), text)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["status.html"])
        self.assertEqual(file.stat().st_mode & 0o777, MODE)

    def test_notes_of_jobs_are_read_and_what_is_no_note_is_passed_over(self) -> None:
        (self.folder / "report.ended").write_text(f"75 {int(NOW.timestamp())}\n")
        (self.folder / "ledger.ended").write_text("half a no")
        self.assertEqual(job_ends([self.folder, self.folder / "missing"]), [JobEnd("report", 75, NOW)])
