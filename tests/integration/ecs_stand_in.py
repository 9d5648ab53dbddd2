"""An ECS of the tests' own: moto on the loopback, with one service, and what moto leaves out: that time does its work.

moto keeps what it is told and begins nothing by itself: here a thread ends the tasks that were run once, and brings
the service to the version it was updated to, or back when that version's tasks never get healthy.
"""

import logging
import threading
from typing import Any

import boto3
import requests
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ecs.models import ecs_backends
from moto.server import ThreadedMotoServer

REGION, CLUSTER, SERVICE = "eu-west-1", "playlog-uat", "playlog-uat-web"
#: Each 0.1 s: long enough for whoever waits to see the version under way.
STEPS_BEFORE_BACK = 15
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


class EcsStandIn:
    """Started with one version of the service, as the first deploy made it."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.migration_status = 0
        #: What becomes of a version that isn't the first: its tasks are "healthy", "unhealthy", or "never ready".
        self.fate = "healthy"
        self._steps = 0
        self._closed = threading.Event()
        self._ender = threading.Thread(target=self._live, daemon=True)
        subnet = self.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
        group = self.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName=CLUSTER)
        container = {"name": "app", "image": "first", "memory": 128}
        first = ecs.register_task_definition(family="playlog-uat", containerDefinitions=[container])
        self.first: str = first["taskDefinition"]["taskDefinitionArn"]
        ecs.create_service(
            cluster=CLUSTER,
            serviceName=SERVICE,
            taskDefinition=self.first,
            desiredCount=2,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}},
        )
        self._roll(self._kept)
        self._roll(self._kept)
        self._ender.start()

    def client(self, name: str) -> Any:
        return boto3.client(
            name,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def environ(self) -> dict[str, str]:
        """What `make deploy` needs to find it."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCOUNT_ID": DEFAULT_ACCOUNT_ID,
            "AWS_REGION": REGION,
            "ECS_CLUSTER": CLUSTER,
            "ECS_SERVICE": SERVICE,
        }

    def service(self) -> dict[str, Any]:
        answer = self.client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE], include=["TAGS"])
        found: dict[str, Any] = answer["services"][0]
        return found

    def definition(self, arn: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.client("ecs").describe_task_definition(taskDefinition=arn)
        return answer["taskDefinition"]  # type: ignore[no-any-return]

    def tasks(self) -> list[Any]:
        """The tasks that were run once."""
        clusters = ecs_backends[DEFAULT_ACCOUNT_ID][REGION].tasks.values()
        return [task for tasks in clusters for task in list(tasks.values())]

    def close(self) -> None:
        self._closed.set()
        if self._ender.is_alive():
            self._ender.join()
        requests.post(f"{self.url}/moto-api/reset", timeout=10).raise_for_status()
        self._server.stop()

    @property
    def _kept(self) -> Any:
        """The service, as moto keeps it."""
        return ecs_backends[DEFAULT_ACCOUNT_ID][REGION].services[f"{CLUSTER}:{SERVICE}"]

    def _live(self) -> None:
        while not self._closed.wait(0.1):
            for task in self.tasks():
                if task.last_status != "STOPPED":
                    task.last_status = task.desired_status = "STOPPED"
                    task.stopped_reason = "Essential container in task exited"
                    task.containers[0].last_status = "STOPPED"
                    task.containers[0].exitCode = self.migration_status
            self._roll(self._kept)

    def _roll(self, service: Any) -> None:
        """One step of a roll-out, as a deployment circuit breaker with rollback has it."""
        (primary, *others) = service.deployments
        wanted, count = service.task_definition, service.desired_count
        if primary["taskDefinition"] != wanted:
            former = primary | {"status": "ACTIVE", "runningCount": service.running_count}
            about = {"taskDefinition": wanted, "rolloutState": "IN_PROGRESS", "runningCount": 0, "status": "PRIMARY"}
            service.deployments = [primary | about | {"desiredCount": count}, former]
        elif wanted == self.first or self.fate == "healthy":
            service.deployments = [primary | {"rolloutState": "COMPLETED", "runningCount": count}]
            service.running_count = count
            self._steps = 0
        elif self.fate == "unhealthy" and others:
            self._steps += 1
            if self._steps < STEPS_BEFORE_BACK:
                return
            service.task_definition = others[0]["taskDefinition"]
