"""One truth for each setting and limit: the example, nginx, gunicorn, make and the code agree."""

import json
import re
import unittest
from itertools import pairwise

from app.logs import limits
from tests.unit.tooling import configuration_table
from tests.unit.tooling.repository import (
    ELSEWHERE,
    ROOT,
    names_of_entrypoint,
    names_of_inventories,
    names_of_nginx,
    settings_in_code,
)


def nginx_seconds(name: str) -> list[int]:
    """The values of a directive of nginx.conf, in seconds, in their order."""
    text = (ROOT / "nginx.conf").read_text()
    return [int(found) for found in re.findall(rf"^\s*{name} (\d+)s;", text, re.MULTILINE)]


class SettingTest(unittest.TestCase):
    def test_the_example_has_every_name_once_each_with_a_comment(self) -> None:
        lines = (ROOT / ".env.example").read_text().splitlines()
        names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]
        of_files = names_of_nginx() | names_of_entrypoint() | names_of_inventories()
        wanted = settings_in_code() | of_files | ELSEWHERE
        self.assertEqual(sorted(names), sorted(wanted))
        for before, line in pairwise(lines):
            if re.match(r"[A-Z_]+=", line):
                self.assertTrue(before.startswith("# "), line)

    def test_the_page_of_settings_says_what_the_code_does(self) -> None:
        # Written anew by: python -m tests.unit.tooling.configuration_table
        text = configuration_table.PAGE.read_text()
        self.assertEqual(text, configuration_table.with_table(text))


class LimitTest(unittest.TestCase):
    def test_nginx_and_the_app_take_bodies_of_the_same_size(self) -> None:
        text = (ROOT / "nginx.conf").read_text()
        self.assertEqual(re.findall(r"client_max_body_size (\d+);", text), [str(limits.MAX_BODY_BYTES)])

    def test_each_time_out_is_shorter_than_the_one_around_it(self) -> None:
        (read_timeout,) = nginx_seconds("proxy_read_timeout")
        task = json.loads((ROOT / "ecs-task-def.json").read_text())
        stop = {each["name"]: each.get("stopTimeout", 0) for each in task["containerDefinitions"]}
        chain = [limits.MESSAGE_TIMEOUT_SECONDS, limits.REPLY_DEADLINE_SECONDS, read_timeout, limits.GRACEFUL_SECONDS]
        self.assertEqual(chain, sorted(set(chain)))
        self.assertLess(limits.STOP_SECONDS, stop["app"])
        (shutdown,) = nginx_seconds("worker_shutdown_timeout")
        self.assertLess(shutdown, stop["nginx"])

    def test_gunicorn_keeps_connections_longer_than_nginx_does(self) -> None:
        text = (ROOT / "gunicorn.conf.py").read_text()
        (keepalive,) = re.findall(r"^keepalive = (\d+)$", text, re.MULTILINE)
        # The last is that of the upstream block, towards gunicorn.
        self.assertGreater(int(keepalive), nginx_seconds("keepalive_timeout")[-1])

    def test_a_post_is_never_sent_to_two_upstreams(self) -> None:
        for line in (ROOT / "nginx.conf").read_text().splitlines():
            if line.strip().startswith("proxy_next_upstream "):
                self.assertNotIn("non_idempotent", line)


class MakefileTest(unittest.TestCase):
    def test_every_target_has_help(self) -> None:
        text = (ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
        helped = set(re.findall(r"^([a-z][a-z-]*):.*## \S", text, re.MULTILINE))
        self.assertEqual(targets - helped, set())
        (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
        self.assertEqual(targets, set(phony.split()))
