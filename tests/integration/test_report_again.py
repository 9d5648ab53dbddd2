"""Reports of a day that was handed over: made good when lost, refused when they would differ."""

import shutil

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Request
from tests.integration.report_schema import DAY

FILE = "usage.acme.csv.gz"


class MadeAgain(ReportCase):
    def write_day(self, doublings: int = 0) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.put_large(0, 0, on_the_day(9), doublings)
        end = self.day.put(0, 1, Request(on_the_day(10)))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)

    def folder_bytes(self) -> dict[str, bytes]:
        return self.bytes_of() if (self.root / DAY.isoformat()).exists() else {}

    def test_a_hand_over_that_was_cut_off_before_the_mark_is_done_again(self) -> None:
        self.write_day()
        half = self.root / DAY.isoformat()
        half.mkdir()
        (half / FILE).write_bytes(b"half")
        (self.root / f"{DAY}.making").mkdir()
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(len(self.usage()), 2)
        self.assertEqual(self.folders(), [DAY.isoformat()])

    def test_a_lost_folder_is_written_again_with_the_same_bytes(self) -> None:
        self.write_day()
        self.report()
        good = self.bytes_of()
        shutil.rmtree(self.root / DAY.isoformat())
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(), good)

    def test_a_lost_file_is_written_again(self) -> None:
        self.write_day()
        self.report()
        good = self.bytes_of()
        (self.root / DAY.isoformat() / FILE).unlink()
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(), good)

    def test_a_file_that_somebody_edited_is_named_and_left(self) -> None:
        self.write_day()
        self.report()
        (self.root / DAY.isoformat() / "summary.csv").write_bytes(b"mine")
        self.assertEqual(self.report(), 1)
        self.assertIn("would differ now, in summary.csv.", self.err.getvalue())
        self.assertEqual(self.bytes_of()["summary.csv"], b"mine")

    def test_rows_that_changed_after_the_hand_over_are_an_error_that_says_where(self) -> None:
        self.write_day()
        self.report()
        good = self.bytes_of()
        with self.connection.cursor() as cursor:
            cursor.execute("UPDATE play_log SET total_time_played = 29 LIMIT 1")
        self.connection.commit()
        self.assertEqual(self.report(), 1)
        self.assertIn(f"{FILE}, summary.csv, report.html, manifest.json (manifest: files)", self.err.getvalue())
        self.assertEqual(self.bytes_of(), good)

    def test_the_same_is_found_when_the_folder_is_lost_as_well(self) -> None:
        self.write_day()
        self.report()
        shutil.rmtree(self.root / DAY.isoformat())
        with self.connection.cursor() as cursor:
            cursor.execute("UPDATE play_log SET total_time_played = 29 LIMIT 1")
        self.connection.commit()
        self.assertEqual(self.report(), 1)
        self.assertEqual(self.folder_bytes(), {})
