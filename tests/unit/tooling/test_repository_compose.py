"""docker compose starts the same parts with the same settings as the code, the images and the devstack have."""

import re
import unittest
from typing import Any

import yaml

from app.checks import publishing_problems
from app.logs.limits import GRACEFUL_SECONDS, MESSAGE_TIMEOUT_SECONDS
from common.topic_rules import catalogue_problems
from devstack.mariadb_settings import SQL_MODE
from devstack.run import RELOAD_SECONDS
from tests.unit.tooling.repository import ROOT, names_of_nginx, tracked
from tests.unit.tooling.settings_of_words import names_of, problems_of


def word_of(service: dict[str, Any]) -> str:
    """The word of playlog that a service runs."""
    return str(service["command"][0] if "command" in service else service["entrypoint"][1])


class ComposeTest(unittest.TestCase):
    text = (ROOT / "docker-compose.yml").read_text()

    def setUp(self) -> None:
        self.services = yaml.safe_load(self.text)["services"]
        self.words = {name: each for name, each in self.services.items() if each["image"].startswith("playlog-app:")}

    def test_each_word_has_all_that_it_needs_and_nothing_else(self) -> None:
        for name, service in self.words.items():
            environ = service["environment"]
            self.assertEqual([type(value) for value in environ.values() if not isinstance(value, str)], [], name)
            self.assertEqual(problems_of(word_of(service), environ), [], name)
            self.assertEqual(set(environ) - names_of(word_of(service)), set(), name)

    def test_nginx_is_the_one_door_and_finds_the_app(self) -> None:
        environ = self.services["nginx"]["environment"]
        self.assertEqual(set(environ) - names_of("moves"), names_of_nginx() - names_of("moves"))
        self.assertLessEqual(names_of_nginx(), set(environ))
        # With a legacy API, and what the image says of itself.
        beside = {"LEGACY_UPSTREAM": "legacy:80", "NGINX_CONFIG": "/nginx.conf", "NGINX_PREFIX": "/"}
        self.assertEqual(problems_of("moves", environ | beside), [])
        self.assertEqual({name for name, each in self.services.items() if "ports" in each}, {"nginx"})
        port = environ["NGINX_LISTEN"].rpartition(":")[2]
        self.assertEqual(self.services["nginx"]["ports"], [f"127.0.0.1:8080:{port}"])
        app_port = self.services["app"]["environment"]["WEB_BIND"].rpartition(":")[2]
        self.assertEqual(environ["NGINX_UPSTREAM"], f"app:{app_port}")

    def test_its_topic_is_one_that_the_app_and_the_persister_accept(self) -> None:
        options, settings = self.topic("topic")
        self.assertEqual(publishing_problems("play-logs", settings, "local"), [])
        self.assertIn(f"topic={self.services['app']['environment']['PLAY_LOGS_TOPIC']}", options)

    def test_its_catalogues_topic_is_one_that_producer_and_sink_accept(self) -> None:
        options, settings = self.topic("topic-catalogue")
        self.assertEqual(catalogue_problems("catalogue", settings), [])
        for name in ("catalogue-produce", "catalogue-consume", "catalogue"):
            self.assertIn(f"topic={self.services[name]['environment']['CATALOGUE_TOPIC']}", options)

    def topic(self, service: str) -> tuple[list[str], dict[str, str]]:
        """The options of the service that makes a topic, and the topic's settings among them."""
        options = [each.removeprefix("--") for each in self.services[service]["entrypoint"][1:]]
        settings = dict(each.removeprefix("config=").split("=", 1) for each in options if each.startswith("config="))
        return options, settings

    def test_the_app_may_finish_its_requests_before_it_is_killed(self) -> None:
        drain = int(self.services["app"]["environment"]["DRAIN_SECONDS"])
        patience = int(self.services["app"]["stop_grace_period"].removesuffix("s"))
        self.assertGreater(patience, drain + GRACEFUL_SECONDS + MESSAGE_TIMEOUT_SECONDS)

    def test_its_database_has_each_user_and_the_rules_of_the_devstack(self) -> None:
        made = set(re.findall(r"'(playlog_\w+)'@'%' IDENTIFIED", (ROOT / "deploy" / "compose_users.sql").read_text()))
        used = set(re.findall(r"mysql://(\w+)@mariadb", self.text))
        granted = {
            user
            for path in tracked("migrations/*/grants.sql")
            for user in re.findall(r"\bTO '?(playlog_\w+)", path.read_text())
        }
        self.assertLessEqual(used | granted, made)
        self.assertIn(f"--sql-mode={SQL_MODE}", self.services["mariadb"]["command"])

    def test_every_file_that_it_mounts_is_there(self) -> None:
        mounted = re.findall(r"(\./[\w./-]+):/", self.text)
        self.assertTrue(mounted)
        self.assertEqual([path for path in mounted if not (ROOT / path).exists()], [])


class ImageTest(unittest.TestCase):
    def test_what_the_dockerfile_copies_is_there_and_let_in(self) -> None:
        copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        copied = {name for line in copies for name in line.split()}
        let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
        self.assertEqual([name for name in copied if not (ROOT / name).exists()], [])
        self.assertEqual({name.split("/")[0] for name in copied}, let_in)

    def test_every_room_that_words_need_is_in_the_image(self) -> None:
        text = (ROOT / "Dockerfile").read_text()
        for room in ("app", "catalogue", "commands", "common", "consumer", "migrations", "moving", "reports"):
            self.assertIn(f"COPY {room} /srv/playlog/{room}\n", text)

    def test_nginx_is_reloaded_as_often_as_in_the_devstack(self) -> None:
        self.assertIn(f"while sleep {RELOAD_SECONDS:.0f};", (ROOT / "deploy" / "nginx.sh").read_text())
