"""A benchmark measures what is its own, and says what it found in a form that programs read."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from bench import persist, report
from bench.figures import publish, table
from bench.ground import FOREIGN, BenchFailed, NotOurs, refuse_foreign
from bench.ingest import SIZES, Runs, figures_of
from bench.load import Measured
from bench.records import DIFFERENT_RECORDS, Records
from common.records import read_record

#: What whoever reads build/bench/ingest.json relies on.
INGEST = (
    "direct_1_requests_per_s",
    "direct_100_logs_per_s",
    "direct_500_logs_per_s",
    "nginx_1_requests_per_s",
    "nginx_100_logs_per_s",
    "nginx_500_logs_per_s",
    "p99_ms_max",
    "share_of_bare_flask_1",
    "share_of_bare_flask_100",
    "share_of_bare_flask_500",
    "acknowledged",
    "in_topic",
)


class RefusalTest(unittest.TestCase):
    def test_an_environment_that_names_a_topic_or_a_database_is_refused(self) -> None:
        for name in FOREIGN:
            with self.assertRaisesRegex(NotOurs, f"{name}.*Unset it"):
                refuse_foreign({"PATH": "/bin", name: "anything"})

    def test_any_other_environment_is_taken(self) -> None:
        refuse_foreign({"PATH": "/bin", "PLAYLOG_URL": "http://127.0.0.1:8080"})


class FiguresTest(unittest.TestCase):
    def test_ingest_has_its_figures(self) -> None:
        bare, direct, nginx = Measured(1.0, 4, [0.01] * 4), Measured(1.0, 2, [0.02] * 2), Measured(1.0, 1, [0.05])
        found = figures_of([Runs(size, bare, direct, nginx) for size in SIZES], 9, 9)
        self.assertEqual(set(INGEST) - set(found), set())
        self.assertEqual(found["direct_1_requests_per_s"], 2)
        self.assertEqual(found["direct_500_logs_per_s"], 1000)
        self.assertEqual(found["share_of_bare_flask_100"], 0.5)
        self.assertEqual(found["nginx_share_of_direct_100"], 0.5)
        self.assertAlmostEqual(found["p99_ms_max"], 50)

    def test_they_are_written_flat_beside_the_table(self) -> None:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            publish("any", {"rows_per_s": 1234.56789, "rows": 7}, "the table", folder=Path(folder))
            written = json.loads(Path(folder, "any.json").read_text())
        self.assertEqual(written, {"rows_per_s": 1234.5679, "rows": 7})
        self.assertIn("the table", said.getvalue())
        self.assertIn("cores", said.getvalue())

    def test_a_table_keeps_its_columns_under_their_heads(self) -> None:
        self.assertEqual(
            table(("what", "rows/s"), [("one", 1234.5), ("another", 9.5)]).splitlines(),
            ["what     rows/s", "one       1,234", "another    9.50"],
        )


class PersistTest(unittest.TestCase):
    def test_persist_has_its_figures(self) -> None:
        pair = persist.Stored(900, 2.0, 220.0)
        found = persist.figures_of(persist.Stored(900, 3.0, 210.0), pair, 1000, 2.0, 1.0)
        self.assertEqual(
            found,
            {
                "rows_per_s": 300,
                "load_data_1_rows_per_s": 500,
                "load_data_2_rows_per_s": 1000,
                "share_of_load_data_2": 0.3,
                "two_rows_per_s": 450,
                "two_share_of_one": 1.5,
                "two_share_of_load_data_2": 0.45,
                "peak_mb": 210,
            },
        )


class RecordsTest(unittest.TestCase):
    def test_they_are_what_the_persister_reads(self) -> None:
        """Each with an id and a key of its own, though the contents come again."""
        made = [read_record(headers, value) for value, headers in Records(3).make(2 * DIFFERENT_RECORDS)]
        self.assertEqual({len(each.items) for each in made}, {3})
        self.assertEqual(len({each.request_id for each in made}), len(made))
        self.assertEqual(len({each.idempotency_key for each in made}), len(made))
        self.assertEqual(len({each.digest for each in made}), DIFFERENT_RECORDS)


class ReportTest(unittest.TestCase):
    def test_report_has_its_figures(self) -> None:
        found = report.figures_of(6.0, (2.0, 3.0), 310.0)
        self.assertEqual(found, {"seconds": 6.0, "select_seconds": 2.5, "times_select": 2.4, "peak_mb": 310.0})

    def test_files_without_every_row_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            files = {"usage.acme.csv.gz": {"rows": 7, "bytes": 70}, "summary.csv": {"rows": 3, "bytes": 30}}
            Path(folder, "manifest.json").write_text(json.dumps({"files": files}))
            self.assertEqual(report.check(Path(folder), 7), {"usage.acme.csv.gz": 70, "summary.csv": 30})
            with self.assertRaisesRegex(BenchFailed, "hold 7 rows, not 8"):
                report.check(Path(folder), 8)
