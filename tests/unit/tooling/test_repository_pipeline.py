"""The pipeline calls make and nothing else, in its order, and gives a deploy its settings."""

import dataclasses
import re
import unittest
from itertools import pairwise
from typing import Any

import yaml

from rollout.config import ENVIRONMENTS, RolloutConfig
from tests.unit.tooling.repository import ROOT

FOLDER = ROOT / ".github" / "workflows"
#: What the deploy makes up by itself, or has a default for that suits everybody.
NOT_GIVEN = {"IMAGE_TAG", "STABLE_SECONDS", "AWS_REGION"}


def jobs_of(name: str) -> dict[str, Any]:
    """The jobs of a workflow's file."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())["jobs"]
    return found


class PipelineTest(unittest.TestCase):
    jobs = jobs_of("pipeline.yml")
    deploy = jobs_of("deploy.yml")["deploy"]

    def test_each_step_of_it_calls_targets_of_make(self) -> None:
        steps = [step for job in (*self.jobs.values(), self.deploy) for step in job.get("steps", [])]
        runs = [step["run"].split() for step in steps if "run" in step]
        targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        self.assertEqual({argv[0] for argv in runs}, {"make"})
        called = {word for argv in runs for word in argv[1:] if "=" not in word}
        self.assertEqual(called - targets, set())
        wanted = {"lint", "types", "unit", "test", "versions", "image", "test-image", "push-image", "smoke", "deploy"}
        self.assertEqual(called, wanted)

    def test_nothing_is_deployed_that_did_not_pass_what_comes_before(self) -> None:
        way = ["lint", "unit", "test", "image", "uat", "production"]
        for before, job in pairwise(way):
            needs = self.jobs[job]["needs"]
            self.assertIn(before, [needs] if isinstance(needs, str) else needs, job)

    def test_only_what_was_merged_is_pushed_and_deployed(self) -> None:
        merged = "github.ref == 'refs/heads/main' && github.event_name == 'push'"
        self.assertIn(merged, self.jobs["uat"]["if"])
        self.assertNotIn("if", self.jobs["production"], "it follows uat, and is left out with it")
        names = [
            step
            for step in self.jobs["image"]["steps"]
            if "push" in step.get("run", "") or "aws" in step.get("uses", "")
        ]
        self.assertEqual([merged in step["if"] for step in names], [True] * 3)

    def test_each_environment_is_deployed_by_the_one_file_and_waits_for_the_other_to_end(self) -> None:
        for job, env in (("uat", "uat"), ("production", "prod")):
            self.assertEqual(self.jobs[job]["uses"], "./.github/workflows/deploy.yml")
            self.assertEqual(self.jobs[job]["with"], {"env": env, "environment": ENVIRONMENTS[env]})
        self.assertIs(self.deploy["concurrency"]["cancel-in-progress"], False)

    def test_a_deploy_gets_each_of_its_settings(self) -> None:
        (step,) = [step for step in self.deploy["steps"] if "make deploy" in step.get("run", "")]
        names = {field.metadata["name"] for field in dataclasses.fields(RolloutConfig)}
        self.assertEqual(set(step["env"]) - {"DEPLOY_ENV"}, names - NOT_GIVEN)
        for name, value in step["env"].items():
            kind = "secrets" if name == "PLAYLOG_KEY" else "inputs" if name == "DEPLOY_ENV" else "vars"
            self.assertTrue(value.startswith(f"${{{{ {kind}."), f"{name}: {value}")
