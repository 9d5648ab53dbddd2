"""A region at AWS: one ECS service, by boto3."""

from collections.abc import Callable
from typing import Any, TypeVar

import boto3
import botocore.exceptions
from botocore.config import Config

from rollout.config import RolloutConfig
from rollout.region import Deployment, Ended, RegionError, Service
from rollout.sizes import Definition

T = TypeVar("T")
PROVEN_TAG = "playlog:proven"
#: A call that fails on its way is made again; waiting for tasks is not the client's business.
CLIENT = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 5})
#: Both versions run side by side until the new one is healthy, and ECS goes back by itself when it never gets so.
ROLLING = {
    "minimumHealthyPercent": 100,
    "maximumPercent": 200,
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
}
MOST_STOPPED = 10


class EcsRegion:
    """Made with the credentials that boto3 finds: the environment's, a profile's, or a role's."""

    def __init__(self, config: RolloutConfig) -> None:
        session = boto3.session.Session(region_name=config.region)
        self._ecs: Any = session.client("ecs", config=CLIENT)
        self._sts: Any = session.client("sts", config=CLIENT)
        self._config = config
        self._arn = ""

    def check_account(self) -> None:
        found = _asked(self._sts.get_caller_identity)["Account"]
        if found != self._config.account_id:
            raise RegionError(
                f"the credentials are of account {found}, and AWS_ACCOUNT_ID is {self._config.account_id}:"
                " use those of the environment that is deployed to"
            )

    def service(self) -> Service:
        names = {"cluster": self._config.cluster, "services": [self._config.service], "include": ["TAGS"]}
        answer = _asked(lambda: self._ecs.describe_services(**names))
        found = [each for each in answer["services"] if each["status"] == "ACTIVE"]
        if not found:
            raise RegionError(
                f"cluster {self._config.cluster} has no active service {self._config.service}: check ECS_CLUSTER and"
                " ECS_SERVICE; docs/deploying.md says how a service is made"
            )
        self._arn = found[0]["serviceArn"]
        tags = {each["key"]: each["value"] for each in found[0].get("tags", [])}
        return Service(
            definition=found[0]["taskDefinition"],
            desired=found[0]["desiredCount"],
            running=found[0]["runningCount"],
            deployments=tuple(_deployment(each) for each in found[0]["deployments"]),
            proven=tags.get(PROVEN_TAG),
        )

    def register(self, definition: Definition) -> str:
        answer = _asked(lambda: self._ecs.register_task_definition(**definition))
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def update(self, definition: str, count: int | None) -> None:
        names: dict[str, Any] = {
            "cluster": self._config.cluster,
            "service": self._config.service,
            "taskDefinition": definition,
            "deploymentConfiguration": ROLLING,
        }
        if count is not None:
            names["desiredCount"] = count
        _asked(lambda: self._ecs.update_service(**names))

    def start_once(self, definition: str) -> str:
        names = {"cluster": self._config.cluster, "services": [self._config.service]}
        (service,) = _asked(lambda: self._ecs.describe_services(**names))["services"]
        answer = _asked(
            lambda: self._ecs.run_task(
                cluster=self._config.cluster,
                taskDefinition=definition,
                count=1,
                launchType="FARGATE",
                networkConfiguration=service.get("networkConfiguration", {}),
                startedBy="playlog rollout",
            )
        )
        if answer["failures"]:
            raise RegionError(f"the task didn't start: {answer['failures'][0].get('reason', 'no reason given')}")
        return str(answer["tasks"][0]["taskArn"])

    def ended(self, task: str) -> Ended | None:
        answer = _asked(lambda: self._ecs.describe_tasks(cluster=self._config.cluster, tasks=[task]))
        if not answer["tasks"]:  # what was started a moment ago may not be known everywhere yet
            raise RegionError(f"ECS doesn't know {task}")
        (found,) = answer["tasks"]
        if found["lastStatus"] != "STOPPED":
            return None
        containers = found.get("containers", [])
        statuses = [each["exitCode"] for each in containers if each.get("exitCode") is not None]
        return Ended(statuses[0] if statuses else None, _why(found))

    def why_stopped(self, definition: str) -> list[str]:
        names = {"cluster": self._config.cluster, "serviceName": self._config.service, "desiredStatus": "STOPPED"}
        arns = _asked(lambda: self._ecs.list_tasks(**names))["taskArns"][:MOST_STOPPED]
        if not arns:
            return []
        tasks = _asked(lambda: self._ecs.describe_tasks(cluster=self._config.cluster, tasks=arns))["tasks"]
        return [_why(each) for each in tasks if each["taskDefinitionArn"] == definition]

    def mark_proven(self, definition: str) -> None:
        tags = [{"key": PROVEN_TAG, "value": definition}]
        _asked(lambda: self._ecs.tag_resource(resourceArn=self._arn, tags=tags))


def _asked(call: Callable[[], T]) -> T:
    """What a call answers, its error as ours. The message of a refusal is AWS's own, and names the rule."""
    try:
        return call()
    except botocore.exceptions.NoCredentialsError:
        raise RegionError("no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret") from None
    except botocore.exceptions.ParamValidationError as error:
        raise RegionError(f"not as ECS wants it: {error}") from error
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise RegionError(str(error)) from error


def _deployment(found: dict[str, Any]) -> Deployment:
    return Deployment(
        definition=found["taskDefinition"],
        is_primary=found["status"] == "PRIMARY",
        state=found.get("rolloutState", "COMPLETED"),
        reason=found.get("rolloutStateReason", ""),
        running=found["runningCount"],
        failed=found.get("failedTasks", 0),
    )


def _why(task: dict[str, Any]) -> str:
    """Why a task stopped: the reason of ECS, then each container that ended badly."""
    said = [task.get("stoppedReason", "")]
    for each in task.get("containers", []):
        if each.get("exitCode") or each.get("reason"):
            status = f"exit status {each['exitCode']}" if each.get("exitCode") is not None else "not started"
            said.append(f"{each['name']}: {status} {each.get('reason', '')}".strip())
    return "; ".join(part for part in said if part) or "no reason given"
