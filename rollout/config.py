"""The settings of `make deploy`: which account and service, which image, and how much of it."""

import re
from dataclasses import dataclass

from common.config import setting
from common.converters import one_of, text, whole
from rollout.sizes import SIZES

#: What `ENV=` says, and what PLAYLOG_ENV says for it.
ENVIRONMENTS = {"uat": "uat", "prod": "production"}
#: Exit statuses, as the words of playlog have them; 3: it could not go back.
FAILED, STUCK, BAD_SETTING, INTERRUPTED = 1, 3, 78, 130


def account(value: str) -> str:
    """The number of an AWS account."""
    if not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError("must be the 12 digits of an AWS account")
    return value


def prefix(value: str) -> str:
    """What stands before the images' names: a registry's address, up to its last slash."""
    if not value.endswith("/"):
        raise ValueError("must end with a slash, as in REGISTRY/FOLDER/")
    return value


def address(value: str) -> str:
    """An http or https URL without a path."""
    if not re.fullmatch(r"https?://[^/\s]+/?", value):
        raise ValueError("must be https://HOST[:PORT]")
    return value.rstrip("/")


@dataclass(frozen=True)
class RolloutConfig:
    """One environment's region, as the deploying machine knows it."""

    account_id: str = setting("AWS_ACCOUNT_ID", account, "the account that is deployed to")
    region: str = setting("AWS_REGION", text, "the AWS region that is deployed to")
    cluster: str = setting("ECS_CLUSTER", text, "the ECS cluster of this environment")
    service: str = setting("ECS_SERVICE", text, "the ECS service of the web tasks")
    image_prefix: str = setting("IMAGE_PREFIX", prefix, "the registry of the images")
    image_tag: str = setting("IMAGE_TAG", text, "the images' tag: the commit that they were made from", "")
    kafka_bootstrap: str = setting("KAFKA_BOOTSTRAP", text, "the brokers as HOST:PORT[,HOST:PORT...]")
    region_db_host: str = setting("REGION_DB_HOST", text, "the host of the region database")
    legacy_upstream: str = setting("LEGACY_UPSTREAM", text, "the API behind every other path, HOST:PORT; or empty", "")
    internal_callers: str = setting(
        "INTERNAL_CALLERS", text, "networks whose answers say where they came from, blank between them", ""
    )
    trusted_proxies: str = setting("TRUSTED_PROXIES", text, "the load balancers' networks, blank between them")
    datadog_site: str = setting("DD_SITE", text, "the Datadog site that the agent reports to", "datadoghq.com")
    task_count: int = setting("TASK_COUNT", whole(1, 1000), "how many tasks run; unset keeps the present number", 0)
    task_size: str = setting("TASK_SIZE", one_of(*SIZES), "how large each task is: small, medium or large", "small")
    base_url: str = setting("BASE_URL", address, "where the environment is reached, for its smoke tests")
    key: str = setting("PLAYLOG_KEY", text, "the key of a test client, for the smoke tests", secret=True)
    stable_seconds: int = setting("STABLE_SECONDS", whole(1, 7200), "how long a roll-out may take", 1200)
