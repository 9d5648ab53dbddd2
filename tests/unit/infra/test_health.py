"""The health check of a host: what it says of jobs, processes, room and zone. A program, loaded by its path."""

import importlib.machinery
import importlib.util
import json
import tempfile
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from infra.inventory import Inventory
from infra.promises.health import wanted
from infra.site import FILES, Site
from infra.words import BY_NAME, ROLES

NOW = 1_000_000.0


def load_program() -> Any:
    path = str(FILES / "playlog-health")
    loader = importlib.machinery.SourceFileLoader("playlog_health", path)
    spec = importlib.util.spec_from_loader("playlog_health", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


health = load_program()


class JobTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)

    def trouble(self, ended: str | None, since: float = NOW - 100_000) -> str | None:
        if ended is not None:
            (self.home / "report.ended").write_text(ended)
        found: str | None = health.job_trouble("report", self.home, 3_000, NOW, since)
        return found

    def test_a_job_that_ended_well_in_time_is_no_trouble(self) -> None:
        self.assertIsNone(self.trouble(f"0 {NOW - 2_999:.0f}\n"))

    def test_a_report_that_is_not_complete_yet_is_no_trouble(self) -> None:
        self.assertIsNone(self.trouble(f"75 {NOW - 10:.0f}\n"))

    def test_a_job_that_failed_is_named_with_its_status(self) -> None:
        self.assertIn("ended with status 78", str(self.trouble(f"78 {NOW - 10:.0f}\n")))

    def test_a_job_that_has_not_ended_for_too_long_is_named(self) -> None:
        self.assertIn("its last run ended 3001 s ago", str(self.trouble(f"0 {NOW - 3_001:.0f}\n")))

    def test_before_its_first_end_a_job_has_its_time_since_the_host_was_set_up(self) -> None:
        self.assertIsNone(self.trouble(None, since=NOW - 2_999))
        self.assertIn("job report", str(self.trouble(None, since=NOW - 3_001)))

    def test_a_note_that_is_cut_off_is_named_with_its_path(self) -> None:
        self.assertIn(f"{self.home}/report.ended can't be read", str(self.trouble("0")))


class OtherTroubleTest(unittest.TestCase):
    def test_a_process_that_is_not_ready_is_named_with_what_it_says(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = (200, b"") if self.path == "/good" else (503, b'{"ready": false}')
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nobody asks."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        self.assertIsNone(health.ready_trouble("unit", f"{url}/good"))
        self.assertEqual(health.ready_trouble("unit", f"{url}/bad"), 'unit: is not ready: {"ready": false}')
        server.shutdown()
        server.server_close()
        self.assertIn("unit: does not answer at", health.ready_trouble("unit", f"{url}/good"))

    def test_a_full_disk_and_a_missing_folder_are_named(self) -> None:
        self.assertIsNone(health.room_trouble("/", 1))
        self.assertRegex(health.room_trouble("/", 10**18), r"^/: [\d.]+ GB are free, less than")
        self.assertIn("is not there", health.room_trouble("/no/such/folder", 1))

    def test_a_zone_that_is_not_utc_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            link = Path(folder) / "localtime"
            link.symlink_to("/usr/share/zoneinfo/Europe/London")
            self.assertIn("/etc/localtime is", health.zone_trouble("Etc/UTC", link))


class WantedTest(unittest.TestCase):
    def test_it_names_what_runs_on_the_host_and_the_program_understands_it(self) -> None:
        settings: dict[str, dict[str, str]] = {word: {} for word in BY_NAME} | {
            "consume": {"CONSUMER_STATUS_BIND": "127.0.0.1:1"}
        }
        site = Site(Inventory("local", (), None, None, settings), "host", ROLES, "r")
        document = json.loads(wanted(site))
        self.assertEqual(set(document["jobs"]), {"report", "ledger", "status", "migrate"})
        self.assertEqual(document["ready"]["playlog-consumer.service"], "http://127.0.0.1:1/ready")
        self.assertEqual(document["ready"]["playlog-catalogue-producer.service"], "http://127.0.0.1:8092/health")
        said = health.troubles(document, NOW, NOW)
        self.assertTrue(any(each.startswith("playlog-consumer.service: does not answer") for each in said), said)
