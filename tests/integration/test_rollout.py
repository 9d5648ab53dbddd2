"""`make deploy` as a process, against an ECS on the loopback and the smoke tests through a real stack."""

import os
import signal
import subprocess
import sys
import unittest

from devstack.service import REPOSITORY
from rollout.ecs import PROVEN_TAG
from tests.integration.ecs_stand_in import EcsStandIn
from tests.integration.ingest_rig import IngestRig
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

SETTINGS = {
    "IMAGE_PREFIX": "registry.example/playlog/",
    "IMAGE_TAG": "0123456789ab",
    "KAFKA_BOOTSTRAP": "broker-1:9093,broker-2:9093",
    "REGION_DB_HOST": "region-db.internal",
    "TRUSTED_PROXIES": "10.0.0.0/8",
}
NOWHERE = "http://127.0.0.1:9"


class RolloutTest(unittest.TestCase):
    def setUp(self) -> None:
        self.ecs = EcsStandIn()
        self.addCleanup(self.ecs.close)
        self.environ = {**os.environ, **SETTINGS, **self.ecs.environ(), "BASE_URL": NOWHERE, "PLAYLOG_KEY": "none"}

    def deploy(self, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "rollout", "--env", "uat", *arguments],
            cwd=REPOSITORY,
            env=self.environ | changes,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def serve(self) -> dict[str, str]:
        """A deployment for the smoke tests: where it is, and a key for it."""
        persister = PersisterRig(partitions=6)
        self.addCleanup(persister.close)
        rig = IngestRig({"PLAY_LOGS_TOPIC": persister.topic, "CONSUMER_GROUP": f"group-{persister.topic}"})
        self.addCleanup(rig.stop)
        rig.start()
        persister.start()
        return {"BASE_URL": f"http://127.0.0.1:{rig.port}", "PLAYLOG_KEY": rig.key}

    def test_a_version_that_passes_serves_in_the_number_and_size_asked_for_and_is_noted(self) -> None:
        done = self.deploy(TASK_COUNT="3", TASK_SIZE="medium", **self.serve())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        service = self.ecs.service()
        revision = service["taskDefinition"]
        self.assertNotEqual(revision, self.ecs.first)
        self.assertEqual(service["desiredCount"], 3)
        self.assertEqual({each["key"]: each["value"] for each in service["tags"]}, {PROVEN_TAG: revision})
        task = self.ecs.definition(revision)
        self.assertEqual((task["cpu"], task["memory"]), ("2048", "4096"))
        images = {each["name"]: each["image"] for each in task["containerDefinitions"]}
        self.assertEqual(images["app"], "registry.example/playlog/playlog-app:0123456789ab")
        (migration,) = self.ecs.tasks()
        (container,) = self.ecs.definition(migration.task_definition_arn)["containerDefinitions"]
        self.assertEqual(container["command"], ["migrate", "region"])

    def test_a_version_that_fails_its_smoke_tests_is_replaced_by_the_former_one(self) -> None:
        done = self.deploy(TASK_COUNT="5")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("the smoke tests failed", done.stdout)
        self.assertIn("the former version serves again", done.stdout)
        service = self.ecs.service()
        self.assertEqual((service["taskDefinition"], service["desiredCount"]), (self.ecs.first, 2))
        self.assertEqual(service.get("tags", []), [])

    def assert_left_at_the_first(self, said: str, **changes: str) -> None:
        """It fails, says why, and the first version serves."""
        done = self.deploy(**changes)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(said, done.stdout + done.stderr)
        self.assertEqual(self.ecs.service()["taskDefinition"], self.ecs.first)

    def test_a_migration_that_fails_stops_it_before_the_service_is_touched(self) -> None:
        self.ecs.migration_status = 1
        self.assert_left_at_the_first("the migration ended with status 1")

    def test_a_version_whose_tasks_never_get_healthy_is_left_again(self) -> None:
        self.ecs.fate = "unhealthy"
        self.assert_left_at_the_first("ECS went back to the former version by itself")

    def test_sigterm_goes_back_before_it_ends(self) -> None:
        self.ecs.fate = "never ready"
        with subprocess.Popen(
            [sys.executable, "-m", "rollout", "--env", "uat"],
            cwd=REPOSITORY,
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if "bringing the region's tables" in line:
                    eventually(lambda: self.ecs.service()["taskDefinition"] != self.ecs.first, "the roll-out has begun")
                    process.send_signal(signal.SIGTERM)
                    break
            rest = process.stdout.read()
            self.assertEqual(process.wait(), 1, rest)
        self.assertIn("interrupted", rest)
        self.assertEqual(self.ecs.service()["taskDefinition"], self.ecs.first)

    def test_another_account_s_credentials_change_nothing(self) -> None:
        self.assert_left_at_the_first("AWS_ACCOUNT_ID is 999999999999", AWS_ACCOUNT_ID="999999999999")

    def test_a_service_that_is_not_there_is_named(self) -> None:
        self.assert_left_at_the_first("has no active service playlog-uat-web2", ECS_SERVICE="playlog-uat-web2")
