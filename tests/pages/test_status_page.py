"""The operator's page in a browser: all well, all sorts of trouble, the database away; and how it says it is old."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reports.balance import Account, Tally
from reports.status.beside import Beside, JobEnd, Letters, Outbox, Today
from reports.status.facts import Facts, Partition
from reports.status.html import Place, page_text, trouble_text
from reports.status.judgement import judge
from tests.pages.browser import PHONE, browser
from tests.pages.made_up_day import LONG, NOW
from tests.pages.page_case import PageCase
from tests.unit.reports.test_status import GOOD, TODAY, WELL, YESTERDAY, final, opened

PLACE = Place(Path("/srv/reports/status.html"), Path("/srv/reports"))
ABOUT = json.dumps([{"partition": 0, "trouble": "error 1205"}, {"partition": 1, "held": "51 dead letters"}])
PERSISTERS = [
    replace(GOOD, name="persister-1.datacentre.example:4242", rows_per_second=18_234.0, lag_records=48_123,
            lag_seconds=900.0, backlog_end_seconds=1_830.0, partitions_json=ABOUT),
    replace(GOOD, name="persister-2.datacentre.example:777", seen_seconds_ago=300.0),
]  # fmt: skip
DAYS = [*(replace(final(TODAY - timedelta(days=days)), revision=days) for days in range(6, 1, -1)), opened(YESTERDAY)]
TROUBLED = replace(
    WELL,
    persisters=PERSISTERS,
    days=DAYS,
    partitions=[Partition("id", number, 123_456_789 + number, TODAY, 8_000 + number) for number in range(6)],
    gaps=[("id", 3, 10, 25, "a disk of broker 2 was lost before its records had been read; ticket 4711", NOW)],
)
ACCOUNTS: dict[Account, Tally] = {
    ("acme", "preview", False): Tally(1, 9, 8, 1),
    (LONG, "preview", True): Tally(1, 1, 1),
}
BESIDE = Beside(
    99,
    Today(TODAY, ACCOUNTS, [7] * 7 + [0] * 17),
    [
        Letters("acme", "error 1406: column too short", 12, 17, TODAY),
        Letters(None, "schema 99 isn't known", 3, 9, TODAY),
    ],
    Outbox(3, 400, 1),
    [JobEnd("report", 75, NOW), JobEnd("ledger", 1, NOW)],
)
QUIET = Beside(0, Today(TODAY, {}, [0] * 24), [], Outbox(0, None, 0), [])


class StatusPageTest(PageCase):
    def page(self, facts: Facts, beside: Beside, now: datetime = NOW) -> str:
        return self.write("status", page_text(facts, beside, judge(facts, now), PLACE, now))

    def test_all_well_all_sorts_of_trouble_and_the_database_away(self) -> None:
        self.is_good_everywhere(self.page(WELL, QUIET), "status-well")
        self.is_good_everywhere(self.page(TROUBLED, BESIDE), "status-troubled")
        self.is_good_everywhere(self.write("away", trouble_text("The database can't be asked.", NOW)), "status-away")

    def test_an_old_page_says_so_and_a_new_one_does_not(self) -> None:
        is_hidden = "return document.getElementById('old').hidden"
        browser().look(self.page(WELL, QUIET, datetime.now(UTC)), PHONE)
        self.assertTrue(browser().run(is_hidden))
        browser().look(self.page(WELL, QUIET, datetime.now(UTC) - timedelta(minutes=4)), PHONE)
        self.assertFalse(browser().run(is_hidden))
        self.assertIn("4 minutes old", browser().run("return document.getElementById('old').textContent"))
