"""`make monitoring` as a process, against a Datadog of the tests' own: made once, changed afterwards, never doubled."""

import json
import os
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from devstack.service import REPOSITORY

MONITORS = json.loads((REPOSITORY / "deploy" / "datadog" / "monitors.json").read_text())


class Datadog(ThreadingHTTPServer):
    """Keeps monitors and dashboards by number, as far as the tests ask for them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, dict[str, dict[str, Any]]] = {"monitor": {}, "dashboard": {}}
        self.refuses = ""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def names(self) -> list[str]:
        return sorted(each["name"] for each in self.kept["monitor"].values())


class Handler(BaseHTTPRequestHandler):
    server: Datadog

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        kept = self.server.kept[url.path.split("/")[3]]
        found = [{**body, "id": number} for number, body in kept.items()]
        if "monitor" in url.path:
            wanted = set(parse_qs(url.query)["monitor_tags"][0].split(","))
            self.answer(200, [each for each in found if wanted <= set(each["tags"])])
        else:
            self.answer(200, {"dashboards": found})

    def do_POST(self) -> None:
        kept = self.server.kept[self.path.split("?")[0].split("/")[3]]
        number = f"{len(kept) + 1}"
        self.keep(kept, number)

    def do_PUT(self) -> None:
        parts = self.path.split("?")[0].split("/")
        self.keep(self.server.kept[parts[3]], parts[4])

    def keep(self, kept: dict[str, dict[str, Any]], number: str) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.refuses and self.server.refuses in body.get("name", ""):
            self.answer(400, {"errors": ["The value provided for parameter 'query' is invalid"]})
            return
        if self.headers["DD-API-KEY"] != "api" or self.headers["DD-APPLICATION-KEY"] != "app":
            self.answer(403, {"errors": ["Forbidden"]})
            return
        kept[number] = body
        self.answer(200, {**body, "id": number})

    def answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class MonitoringTest(unittest.TestCase):
    def setUp(self) -> None:
        self.datadog = Datadog()
        self.addCleanup(self.datadog.server_close)
        self.addCleanup(self.datadog.shutdown)

    def apply(self, env: str = "uat", **changes: str) -> "subprocess.CompletedProcess[str]":
        url = f"http://127.0.0.1:{self.datadog.server_address[1]}"
        own = {"DD_API_KEY": "api", "DD_APP_KEY": "app", "DD_SITE": url, "DD_NOTIFY": "@oncall"}
        argv = [sys.executable, "-m", "rollout.monitoring", "--env", env]
        environ = {**os.environ, **own, **changes}
        return subprocess.run(
            argv, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    def test_twice_makes_each_once_and_environments_stay_apart(self) -> None:
        for env in ("uat", "uat", "prod"):
            done = self.apply(env)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wanted = [each["name"].replace("${PLAYLOG_ENV}", env) for each in MONITORS for env in ("uat", "production")]
        self.assertEqual(self.datadog.names(), sorted(wanted))
        self.assertEqual(len(self.datadog.kept["dashboard"]), 1)
        for each in self.datadog.kept["monitor"].values():
            self.assertTrue(each["message"].endswith("@oncall"), each["message"])
            self.assertNotIn("${", json.dumps(each))

    def test_what_was_changed_by_hand_is_put_right_and_what_is_not_ours_stays(self) -> None:
        self.apply()
        first = self.datadog.kept["monitor"]["1"]
        first["query"] = "changed"
        self.datadog.kept["monitor"]["99"] = {"name": "somebody's", "tags": ["service:playlog", "env:uat"]}
        done = self.apply()
        self.assertNotEqual(self.datadog.kept["monitor"]["1"]["query"], "changed")
        self.assertIn("somebody's", self.datadog.names())
        self.assertIn("not in monitors.json any more: somebody's", done.stdout)

    def test_a_refusal_is_shown_and_ends_it(self) -> None:
        self.datadog.refuses = "a report is late"
        done = self.apply()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("parameter 'query' is invalid", done.stderr)

    def test_missing_keys_are_named(self) -> None:
        done = self.apply(DD_API_KEY="", DD_NOTIFY="")
        self.assertEqual(done.returncode, 78)
        self.assertIn("DD_API_KEY is not set", done.stderr)
        self.assertIn("DD_NOTIFY is not set", done.stderr)
