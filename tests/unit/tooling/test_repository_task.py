"""The task definition is one that ECS takes, and says the same as the code and the images that it runs."""

import json
import re
import unittest
from typing import Any

import certifi
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from commands.__main__ import words
from deploy.health import BINDS, health_url
from tests.unit.tooling.repository import ROOT, names_of_entrypoint, names_of_nginx
from tests.unit.tooling.settings_of_words import names_of, problems_of, stand_in

OURS = ("app", "nginx")
CA_FILE = "/run/playlog/ca.pem"
#: Fargate ends a container after this time at the latest.
MOST_STOP_SECONDS = 120


class TaskTest(unittest.TestCase):
    text = (ROOT / "ecs-task-def.json").read_text()
    dockerfile = (ROOT / "Dockerfile").read_text()

    def setUp(self) -> None:
        self.task = json.loads(self.text)
        self.containers = {each["name"]: each for each in self.task["containerDefinitions"]}

    def environ(self, container: str) -> dict[str, str]:
        """What a container finds in its environment in production, with a stand-in for each secret."""
        given = self.containers[container]
        plain = {each["name"]: each["value"] for each in given["environment"]}
        filled = {name: value.replace("${PLAYLOG_ENV}", "production") for name, value in plain.items()}
        # What the entrypoint makes of CA_PEM.
        filled = {name: value.replace(CA_FILE, certifi.where()) for name, value in filled.items()}
        return {**filled, **{each["name"]: stand_in(each["name"]) for each in given.get("secrets", [])}}

    def test_ecs_takes_it(self) -> None:
        model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
        shape = model.operation_model("RegisterTaskDefinition").input_shape
        self.assertEqual(ParamValidator().validate(self.task, shape).generate_report(), "")
        self.assertEqual(list(strange_words(shape, self.task)), [])

    def test_its_containers_fit_into_it(self) -> None:
        for whole, part in (("cpu", "cpu"), ("memory", "memoryReservation")):
            self.assertLessEqual(sum(each[part] for each in self.containers.values()), int(self.task[whole]))
        for name, each in self.containers.items():
            self.assertLessEqual(each.get("stopTimeout", 0), MOST_STOP_SECONDS, name)

    def test_each_image_has_a_target_of_the_dockerfile(self) -> None:
        for name in OURS:
            self.assertIn(f"playlog-{name}:", self.containers[name]["image"])
            self.assertRegex(self.dockerfile, rf"(?m)^FROM \S+ AS {name}$")

    def test_it_runs_words_that_exist_with_all_that_they_need_and_nothing_else(self) -> None:
        (word,) = self.containers["app"]["command"]
        self.assertIn(word, words())
        self.assertEqual(problems_of(word, self.environ("app")), [])
        self.assertEqual(set(self.environ("app")) - names_of(word) - names_of_entrypoint(), set())
        nginx = self.environ("nginx")
        self.assertEqual(set(nginx) - names_of("moves"), names_of_nginx() - names_of("moves") | {"CA_PEM"})
        self.assertLessEqual(names_of_nginx(), set(nginx))
        beside = {"LEGACY_UPSTREAM": "legacy:80", "NGINX_CONFIG": "/nginx.conf", "NGINX_PREFIX": "/"}
        self.assertEqual(problems_of("moves", nginx | beside), [])

    def test_it_trusts_the_authorities_that_the_entrypoint_writes_down_and_no_others(self) -> None:
        self.assertIn(f">{CA_FILE}\n", (ROOT / "entrypoint.sh").read_text())
        plain = {each["name"]: each["value"] for each in self.containers["app"]["environment"]}
        self.assertEqual(plain["KAFKA_CA"], CA_FILE)
        self.assertTrue(plain["REGION_DB_URL"].endswith(f"?ssl_ca={CA_FILE}"))
        self.assertIn("CA_PEM", {each["name"] for each in self.containers["app"]["secrets"]})

    def test_no_secret_is_written_into_it(self) -> None:
        for each in self.containers.values():
            plain = {pair["name"] for pair in each["environment"]}
            self.assertEqual({name for name in plain if re.search(r"SECRET|PASSWORD|API_KEY", name)}, set())

    def test_only_nginx_is_reached_from_outside_and_it_finds_the_app(self) -> None:
        (port,) = (mapping["containerPort"] for each in self.task["containerDefinitions"] for mapping in ports(each))
        nginx = self.environ("nginx")
        self.assertEqual(nginx["NGINX_LISTEN"], f"0.0.0.0:{port}")
        self.assertEqual(nginx["NGINX_UPSTREAM"], self.environ("app")["WEB_BIND"])
        self.assertTrue(nginx["NGINX_PRIVATE_LISTEN"].startswith("127.0.0.1:"))
        self.assertIn(f"EXPOSE {port}\n", self.dockerfile)

    def test_its_agent_listens_where_the_app_sends_metrics(self) -> None:
        agent = {each["name"]: each["value"] for each in self.containers["datadog-agent"]["environment"]}
        self.assertEqual(agent["DD_DOGSTATSD_PORT"], self.environ("app")["STATSD_PORT"])

    def test_its_health_checks_are_those_of_the_images(self) -> None:
        for name in OURS:
            kind, *command = self.containers[name]["healthCheck"]["command"]
            self.assertEqual(kind, "CMD")
            self.assertIn(f"CMD {json.dumps(command)}\n", self.dockerfile)


class SinkTaskTest(unittest.TestCase):
    """deploy/catalogue-sink.json, the region's copy of the catalogue as a task of its own."""

    def setUp(self) -> None:
        self.task = json.loads((ROOT / "deploy" / "catalogue-sink.json").read_text())
        self.containers = {each["name"]: each for each in self.task["containerDefinitions"]}

    def test_ecs_takes_it_and_its_containers_fit(self) -> None:
        model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
        shape = model.operation_model("RegisterTaskDefinition").input_shape
        self.assertEqual(ParamValidator().validate(self.task, shape).generate_report(), "")
        for whole, part in (("cpu", "cpu"), ("memory", "memoryReservation")):
            self.assertLessEqual(sum(each[part] for each in self.containers.values()), int(self.task[whole]))

    def test_it_has_all_that_its_word_needs_and_nothing_else(self) -> None:
        sink = self.containers["catalogue-consume"]
        (word,) = sink["command"]
        plain = {each["name"]: each["value"] for each in sink["environment"]}
        self.assertEqual({name for name in plain if re.search(r"SECRET|PASSWORD", name)}, set())
        filled = {name: value.replace("${PLAYLOG_ENV}", "production") for name, value in plain.items()}
        filled = {name: value.replace(CA_FILE, certifi.where()) for name, value in filled.items()}
        environ = filled | {each["name"]: stand_in(each["name"]) for each in sink["secrets"]}
        self.assertEqual(problems_of(word, environ), [])
        self.assertEqual(set(environ) - names_of(word) - names_of_entrypoint(), set())


class HealthTest(unittest.TestCase):
    def test_it_asks_the_word_that_runs_where_that_word_listens(self) -> None:
        serve = ["/sbin/docker-init", "--", "/srv/playlog/entrypoint.sh", "serve", ""]
        self.assertEqual(health_url(serve, {}), "http://127.0.0.1:8000/health")
        self.assertEqual(health_url(serve, {"WEB_BIND": "0.0.0.0:9000"}), "http://127.0.0.1:9000/health")
        self.assertEqual(health_url(["python3", "-m", "commands", "consume"], {}), "http://127.0.0.1:8090/health")
        self.assertEqual(health_url(["entrypoint.sh", "catalogue-produce"], {}), "http://127.0.0.1:8092/health")

    def test_a_word_that_ends_by_itself_has_nobody_to_ask(self) -> None:
        self.assertIsNone(health_url(["python3", "-m", "commands", "report", "--date", "today"], {}))

    def test_it_knows_the_words_and_the_names_of_their_settings(self) -> None:
        for word, (name, _) in BINDS.items():
            self.assertIn(name, names_of(word))


def ports(container: dict[str, Any]) -> list[dict[str, Any]]:
    """The ports that a container offers to the outside."""
    found: list[dict[str, Any]] = container.get("portMappings", [])
    return found


def strange_words(shape: Any, value: Any) -> list[str]:
    """The values that aren't among those that ECS knows for their place; botocore's own check lets them pass."""
    if shape.type_name == "structure":
        return [found for name, each in value.items() for found in strange_words(shape.members[name], each)]
    if shape.type_name == "list":
        return [found for each in value for found in strange_words(shape.member, each)]
    known = getattr(shape, "enum", None)
    return [value] if known and value not in known else []
