"""Reports that a version handed over which made other pages: they stay, and their data is made good."""

import json
from hashlib import sha256

from reports.desk import open_desk
from tests.integration.beside_case import BesideCase
from tests.integration.report_case import days_later
from tests.integration.report_schema import DAY, password_of, url_of


class EarlierVersionTest(BesideCase):
    """A report that was handed over by a version that made other pages."""

    def setUp(self) -> None:
        super().setUp()
        self.day.cut(0, days_later(-1), 0, "start")
        self.write(0, 30)
        self.made()
        self.folder = self.root / DAY.isoformat()
        self.become_earlier()

    def become_earlier(self) -> None:
        page = b"<html>as it was"
        (self.folder / "report.html").write_bytes(page)
        document = json.loads((self.folder / "manifest.json").read_bytes())
        del document["format"]
        document["files"]["report.html"]["sha256"] = sha256(page).hexdigest()
        text = json.dumps(document, indent=2).encode()
        (self.folder / "manifest.json").write_bytes(text)
        self.run_sql("UPDATE report SET context_json = NULL, manifest_sha256 = %s", sha256(text).digest())
        self.before = self.bytes_of()

    def test_it_stays_and_what_is_missing_of_its_data_is_made_good(self) -> None:
        self.made()
        self.assertEqual(self.bytes_of(), self.before)
        for name in ("summary.csv", "usage.acme.csv.gz", "_SUCCESS"):
            (self.folder / name).unlink()
        self.made()
        self.assertEqual(self.bytes_of(), self.before)

    def test_data_that_changed_is_named(self) -> None:
        self.run_sql("UPDATE play_log SET country = 'FR' WHERE item = 0")
        self.assertEqual(self.report(), 1)
        self.assertIn("would differ now, in summary.csv", self.err.getvalue().replace("usage.acme.csv.gz, ", ""))
        self.assertEqual(self.bytes_of(), self.before)

    def test_its_page_can_not_be_made_again_and_the_way_out_is_said(self) -> None:
        (self.folder / "report.html").unlink()
        self.assertEqual(self.report(), 1)
        self.assertIn("earlier version of Playlog made: get it from a backup, or make the next", self.err.getvalue())
        self.assertEqual(self.revise("the page was lost"), 0, self.err.getvalue())
        self.assertTrue((self.root / f"{DAY}.r2" / "report.html").exists())

    def test_a_later_day_knows_its_number_of_plays(self) -> None:
        with open_desk(url_of("playlog_reports"), password_of("playlog_reports")) as desk:
            (then,) = desk.totals_between(DAY, DAY)
        self.assertEqual((then.plays, then.seconds, then.clients), (30, None, {}))
