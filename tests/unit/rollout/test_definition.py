"""The definitions that `make deploy` registers are ECS's, and whole."""

import json
import re
import unittest

import certifi
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from common.config import BadSettings, load
from rollout.config import RolloutConfig
from rollout.definition import TEMPLATE, BadTemplate, filled, migration_task, web_task
from rollout.sizes import SIZES, Definition
from tests.unit.tooling.settings_of_words import problems_of, stand_in

ENVIRON = {
    "AWS_ACCOUNT_ID": "123456789012",
    "AWS_REGION": "eu-west-1",
    "ECS_CLUSTER": "playlog-uat",
    "ECS_SERVICE": "playlog-uat-web",
    "IMAGE_PREFIX": "registry.example/playlog/",
    "IMAGE_TAG": "0123456789ab",
    "KAFKA_BOOTSTRAP": "broker-1:9093,broker-2:9093",
    "REGION_DB_HOST": "region-db.internal",
    "TRUSTED_PROXIES": "10.0.0.0/8 10.1.0.0/16",
    "BASE_URL": "https://uat.example",
    "PLAYLOG_KEY": "a-test-client-s-key",
}


def config_with(**changes: str) -> RolloutConfig:
    return load(RolloutConfig, ENVIRON | changes)


def environ_of(definition: Definition, name: str) -> dict[str, str]:
    """What a container of a filled definition finds, with a stand-in for each secret."""
    (found,) = (each for each in definition["containerDefinitions"] if each["name"] == name)
    plain = {each["name"]: each["value"] for each in found["environment"]}
    # The entrypoint writes CA_PEM to that file.
    plain = {each: value.replace("/run/playlog/ca.pem", certifi.where()) for each, value in plain.items()}
    return plain | {each["name"]: stand_in(each["name"]) for each in found.get("secrets", [])}


class DefinitionTest(unittest.TestCase):
    def test_ecs_takes_both_in_every_size(self) -> None:
        model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
        shape = model.operation_model("RegisterTaskDefinition").input_shape
        for size in SIZES:
            web = web_task("uat", config_with(TASK_SIZE=size))
            for each in (web, migration_task(web)):
                self.assertEqual(ParamValidator().validate(each, shape).generate_report(), "")
                self.assertNotIn("${", json.dumps(each))

    def test_containers_fit_into_each_size(self) -> None:
        for name, size in SIZES.items():
            web = web_task("uat", config_with(TASK_SIZE=name))
            self.assertEqual((web["cpu"], web["memory"]), (str(size.cpu), str(size.memory_mib)))
            containers = web["containerDefinitions"]
            self.assertEqual(sum(each["cpu"] for each in containers), size.cpu)
            self.assertLessEqual(sum(each["memoryReservation"] for each in containers), size.memory_mib)
            self.assertEqual(environ_of(web, "app")["WEB_WORKERS"], str(size.workers))

    def test_the_template_is_the_small_size(self) -> None:
        """So that who reads the file alone reads what runs."""
        template = json.loads(TEMPLATE.read_text())
        web = web_task("uat", config_with())
        self.assertEqual((web["cpu"], web["memory"]), (template["cpu"], template["memory"]))
        for ours, theirs in zip(web["containerDefinitions"], template["containerDefinitions"], strict=True):
            for part in ("cpu", "memoryReservation"):
                self.assertEqual(ours[part], theirs[part], ours["name"])

    def test_the_words_start_with_what_the_definitions_give_them(self) -> None:
        web = web_task("production", config_with())
        environ = environ_of(web, "app")
        self.assertEqual(problems_of("serve", environ), [])
        region = environ_of(migration_task(web), "app")
        self.assertEqual([each for each in problems_of("migrate", region) if "DATACENTRE" not in each], [])
        self.assertIn("playlog_migrate@region-db.internal", region["REGION_DB_URL"])

    def test_the_migration_gets_the_password_of_its_own_user_and_no_other_secret(self) -> None:
        (app,) = migration_task(web_task("uat", config_with()))["containerDefinitions"]
        secrets = {each["name"]: each["valueFrom"].partition(":secret:")[2] for each in app["secrets"]}
        wanted = {"CA_PEM": "playlog/uat/CA_PEM", "REGION_DB_PASSWORD": "playlog/uat/REGION_MIGRATE_PASSWORD"}
        self.assertEqual(secrets, wanted)
        self.assertEqual(app["command"], ["migrate", "region"])

    def test_a_value_with_a_quote_stays_one_value(self) -> None:
        web = web_task("uat", config_with(TRUSTED_PROXIES='10.0.0.0/8", "x": "\\'))
        self.assertEqual(environ_of(web, "nginx")["TRUSTED_PROXIES"], '10.0.0.0/8", "x": "\\')

    def test_a_placeholder_that_nothing_fills_is_named(self) -> None:
        with self.assertRaisesRegex(BadTemplate, "NOBODY_KNOWS"):
            filled('{"a": "${NOBODY_KNOWS}"}', {})

    def test_each_placeholder_of_the_template_is_described_to_those_who_deploy(self) -> None:
        page = (TEMPLATE.parent / "docs" / "deploying.md").read_text()
        for name in set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE.read_text())) - {"PLAYLOG_ENV"}:
            self.assertIn(name, page)


class SettingsTest(unittest.TestCase):
    def test_wrong_ones_are_named(self) -> None:
        for name, value, rule in (
            ("AWS_ACCOUNT_ID", "1234", "12 digits"),
            ("IMAGE_PREFIX", "registry.example/playlog", "end with a slash"),
            ("TASK_SIZE", "huge", "one of small, medium, large"),
            ("TASK_COUNT", "0", "from 1 to 1000"),
            ("BASE_URL", "uat.example", "https://HOST"),
        ):
            with self.assertRaisesRegex(BadSettings, f"{name}: .*{rule}"):
                config_with(**{name: value})

    def test_a_secret_is_not_shown(self) -> None:
        self.assertNotIn("a-test-client-s-key", repr(config_with()))
