"""`playlog serve` and `playlog clients`, as far as they go without services; and gunicorn's settings."""

import argparse
import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.config import AppConfig
from app.logs.limits import GRACEFUL_SECONDS
from commands import clients, serve
from common.config import BadSettings, load
from tests.unit.app.test_config import GOOD, NGINX

SHOWN = ("keepalive", "graceful_timeout", "threads", "bind", "limit_request_line", "worker_class")
SHOW = f"import runpy, json; c = runpy.run_path('gunicorn.conf.py'); print(json.dumps([c[n] for n in {SHOWN}]))"


class GunicornTest(unittest.TestCase):
    def conf(self) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", SHOW],
            env=os.environ | GOOD | {"WEB_THREADS": "9", "WEB_BIND": "127.0.0.1:8123"},
            cwd=NGINX.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(zip(SHOWN, json.loads(done.stdout), strict=True))

    def test_it_keeps_connections_longer_than_nginx_and_takes_longer_lines(self) -> None:
        conf = self.conf()
        (upstream,) = re.findall(r"upstream app \{.*?keepalive_timeout (\d+)s;", NGINX.read_text(), re.DOTALL)
        self.assertGreater(conf["keepalive"], int(upstream))
        self.assertEqual(conf["limit_request_line"], 0)

    def test_it_follows_the_environment_and_the_chain_of_times(self) -> None:
        conf = self.conf()
        self.assertEqual((conf["threads"], conf["bind"]), (9, "127.0.0.1:8123"))
        self.assertEqual(conf["graceful_timeout"], GRACEFUL_SECONDS)


class ServeTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.config = replace(load(AppConfig, GOOD), runtime=Path(folder.name), drain_seconds=30)

    def test_draining_says_so_and_a_second_signal_ends_it(self) -> None:
        hurry = threading.Event()
        hurry.set()
        with self.assertLogs("commands.serve"):
            serve.drain(self.config, hurry)
        self.assertTrue(self.config.drain_file.exists())

    def test_a_server_that_stops_when_asked_is_a_good_end(self) -> None:
        program = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); "
        program += "print(1, flush=True); signal.pause()"
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            server.stdout.readline()
            self.assertEqual(serve.end(server), 0)
            self.assertEqual(server.returncode, 0)

    def test_a_server_that_ends_by_itself_ends_the_waiting(self) -> None:
        stop, hurry = threading.Event(), threading.Event()
        with subprocess.Popen([sys.executable, "-c", ""]) as server:
            serve.watch(server, stop, hurry)
        self.assertTrue(stop.is_set() and hurry.is_set())

    def test_a_wrong_setting_is_refused_before_anything_starts(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        with self.assertRaises(BadSettings):
            serve.run(argparse.Namespace(), GOOD | {"WEB_THREADS": "1"})
        self.assertIs(signal.getsignal(signal.SIGTERM), before)


class ClientsTest(unittest.TestCase):
    def test_names_fit_into_records_receipts_and_file_names(self) -> None:
        for name in ("acme", "Acme_2-x", "a" * 64):
            self.assertEqual(clients.client_name(name), name)
        for name in ("", "a b", "a.b", "a/b", "é", "a" * 65, "a\n", "../x"):
            with self.assertRaises(argparse.ArgumentTypeError):
                clients.client_name(name)

    def test_its_arguments(self) -> None:
        parser = argparse.ArgumentParser()
        clients.parser(parser)
        given = parser.parse_args(["add", "acme", "--test"])
        self.assertEqual((given.action, given.name, given.test), ("add", "acme", True))
        self.assertEqual(parser.parse_args(["list"]).action, "list")

    def test_it_asks_for_its_own_settings_only(self) -> None:
        with self.assertRaises(BadSettings) as bad:
            clients.run(argparse.Namespace(action="list"), {})
        for name in ("PLAYLOG_ENV", "REGION_DB_URL", "REGION_DB_PASSWORD", "CLIENT_KEY_SECRET"):
            self.assertIn(name, str(bad.exception))
        self.assertNotIn("KAFKA", str(bad.exception))

    def test_a_database_that_is_away_is_a_failure_in_a_sentence(self) -> None:
        settings = GOOD | {"REGION_DB_URL": "mysql://u@127.0.0.1:1/playlog_region"}
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(clients.run(argparse.Namespace(action="list"), settings), 1)
        self.assertIn("REGION_DB_URL", said.getvalue())
