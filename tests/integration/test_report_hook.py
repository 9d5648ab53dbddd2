"""REPORT_HOOK: called once a final report is handed over, and again until it has succeeded; never in its way."""

import logging
from pathlib import Path
from typing import Any

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Request
from tests.integration.report_schema import DAY


class HookTest(ReportCase):
    def setUp(self) -> None:
        super().setUp()
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.cut(0, DAY, self.day.put(0, 0, Request(on_the_day(9))))
        self.kafka = self.kafka_with(1)
        self.calls = self.root / "calls"
        self.hook = self.program("""echo "$#|$1|$PWD" >> "$(dirname "$0")/calls"; env >> "$(dirname "$0")/env" """)

    def program(self, body: str) -> Path:
        path = self.root / "hook"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    def state(self) -> tuple[Any, ...]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT hook_state, hook_tries, hook_status FROM report")
            (found,) = cursor.fetchall()
        self.connection.commit()
        return tuple(found)

    def test_it_gets_the_manifests_path_once_and_no_secret(self) -> None:
        self.assertEqual(self.report(), 0, self.err.getvalue())
        folder = self.root / DAY.isoformat()
        self.assertEqual(self.calls.read_text(), f"1|{folder}/manifest.json|{folder}\n")
        self.assertTrue((folder / "_SUCCESS").exists())
        self.assertNotIn("PASSWORD", (self.root / "env").read_text())
        self.assertEqual(self.state(), ("done", 1, 0))
        self.report()
        self.until_final()
        self.assertEqual(len(self.calls.read_text().splitlines()), 1)

    def test_a_failure_leaves_the_report_final_and_is_tried_again_by_the_next_run(self) -> None:
        good = self.hook
        self.hook = self.program("echo no space; exit 3")
        with self.assertLogs("reports.hook", logging.WARNING) as logs:
            self.assertEqual(self.report(), 0)
        self.assertIn("no space", logs.output[0])
        self.assertEqual(self.state(), ("waiting", 1, 3))
        self.assertEqual(self.recorded(), [(DAY, 1, "final", 1)])
        for tries in (2, 3, 4):
            with self.assertLogs("reports.hook", logging.WARNING) as logs:
                self.assertEqual(self.until_final(), 0)
            self.assertEqual(self.state(), ("waiting", tries, 3))
        self.assertIn("ALERT: REPORT_HOOK failed 4 times", logs.output[-1])
        assert good is not None
        self.program("exit 0")
        self.assertEqual(self.until_final(), 0)
        self.assertEqual(self.state(), ("done", 5, 0))
        self.assertEqual(self.metrics.total("report.hook", "outcome:failed"), 4)

    def test_one_that_takes_too_long_is_ended_with_all_that_it_started(self) -> None:
        self.hook = self.program("sleep 600 & echo $! > child; wait")
        self.hook_seconds = 1
        with self.assertLogs("reports.hook", logging.WARNING):
            self.assertEqual(self.report(), 0)
        self.assertEqual(self.state(), ("waiting", 1, 124))
        child = int((self.root / DAY.isoformat() / "child").read_text())
        self.assertFalse(Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_text())

    def test_a_signal_and_a_program_that_cannot_be_started_have_a_status(self) -> None:
        self.hook = self.program("kill -9 $$")
        with self.assertLogs("reports.hook", logging.WARNING):
            self.report()
        self.assertEqual(self.state(), ("waiting", 1, 137))
        (self.root / "hook").write_text("#!/no/such/shell\n")
        with self.assertLogs("reports.hook", logging.WARNING):
            self.until_final()
        self.assertEqual(self.state(), ("waiting", 2, 127))

    def test_no_hook_is_nothing_to_wait_for_and_a_provisional_report_calls_none(self) -> None:
        self.hook = None
        self.report()
        self.assertEqual(self.state(), ("none", 0, None))

    def test_a_provisional_report_calls_none(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM day_cut WHERE day = %s", (DAY,))
        self.connection.commit()
        self.assertEqual(self.report(provisional=True), 75)
        self.assertFalse(self.calls.exists())
