"""The commands and policies for a new environment: AWS has them, and they allow what the code asks for and no more."""

import ast
import json
import re
import unittest
from collections.abc import Iterator
from functools import cache

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from rollout.definition import filled
from tests.unit.tooling.repository import ROOT

PAGE = ROOT / "docs" / "new-environment.md"
POLICIES = ROOT / "deploy" / "aws"
VALUES = {"PLAYLOG_ENV": "uat", "AWS_REGION": "eu-west-1", "AWS_ACCOUNT_ID": "123456789012"}
#: The command line's own, beside what a service takes.
GLOBAL = {"query", "output", "cli-input-json"}
#: Commands that the command line has and no service.
OWN_COMMANDS = {("ecr", "get-login-password")}
COMMAND = re.compile(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)((?:(?!\baws )[^|\n])*)")


def commands() -> Iterator[tuple[str, str, set[str]]]:
    """Each AWS command of the page: service, operation, parameters."""
    text = PAGE.read_text().replace("\\\n", " ")
    blocks = "\n".join(line for line in text.splitlines() if line.startswith("    "))
    for service, operation, rest in COMMAND.findall(blocks):
        yield service, operation, set(re.findall(r"--([a-z][a-z0-9-]*)", rest))


@cache
def parameters(service: str, operation: str) -> tuple[set[str], set[str]]:
    """What an operation takes, and what of it is required, as the command line spells it. Raises KeyError."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    names = {dashed(name): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    if shape is None:
        return set(), set()
    switches = {f"no-{dashed(name)}" for name, each in shape.members.items() if each.type_name == "boolean"}
    return {dashed(name) for name in shape.members} | switches, {dashed(name) for name in shape.required_members}


def dashed(name: str) -> str:
    """An AWS name as the command line spells it."""
    return str(xform_name(name, "-"))


def policy(name: str) -> str:
    """A policy with an environment's values."""
    return json.dumps(filled((POLICIES / name).read_text(), VALUES))


class CommandTest(unittest.TestCase):
    def test_aws_has_each_command_with_these_parameters(self) -> None:
        found = list(commands())
        self.assertGreater(len(found), 20)
        for service, operation, given in found:
            if (service, operation) in OWN_COMMANDS:
                continue
            with self.subTest(f"{service} {operation}"):
                known, required = parameters(service, operation)
                self.assertEqual(given - known - GLOBAL, set())
                if "cli-input-json" not in given:
                    self.assertEqual(required - given, set())

    def test_a_misspelt_command_or_parameter_would_be_seen(self) -> None:
        known, required = parameters("ecs", "create-cluster")
        self.assertNotIn("cluster", known)
        self.assertIn("service-name", parameters("ecs", "create-service")[1])
        with self.assertRaises(KeyError):
            parameters("ecs", "make-cluster")
        self.assertEqual(required, set())

    def test_every_secret_of_the_task_is_made(self) -> None:
        page = PAGE.read_text()
        text = (ROOT / "ecs-task-def.json").read_text() + (ROOT / "rollout" / "definition.py").read_text()
        wanted = set(re.findall(r"secret:playlog/\$\{PLAYLOG_ENV\}/([A-Z_]+)", text)) | {"REGION_MIGRATE_PASSWORD"}
        for name in wanted:
            self.assertIn(name, page)


class PolicyTest(unittest.TestCase):
    def test_each_is_one_that_iam_takes(self) -> None:
        for name in ("execution-policy.json", "deploy-policy.json"):
            IAMPolicyDocumentValidator(policy(name)).validate()
            with self.assertRaises(MalformedPolicyDocument, msg=f"{name}: any effect would pass"):
                IAMPolicyDocumentValidator(policy(name).replace("Allow", "Alow")).validate()

    def test_who_deploys_may_do_what_the_code_does_and_no_more(self) -> None:
        called: set[str] = set()
        for node in ast.walk(ast.parse((ROOT / "rollout" / "ecs.py").read_text())):
            match node:
                case ast.Attribute(value=ast.Attribute(attr="_ecs" | "_sts" as client), attr=method):
                    model = ServiceModel(Loader().load_service_model(client.strip("_"), "service-2"))
                    names = {xform_name(each): each for each in model.operation_names}
                    called.add(f"{client.strip('_')}:{names[method]}")
        allowed = {
            action
            for statement in json.loads(policy("deploy-policy.json"))["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        self.assertEqual(allowed, called | {"iam:PassRole"})
