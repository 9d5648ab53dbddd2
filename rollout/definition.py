"""Makes the task definitions of one environment out of ecs-task-def.json: the web task's, and that of its migration."""

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path

from rollout.config import RolloutConfig
from rollout.sizes import MARGIN_MIB, SIZES, Definition, set_value, sized

TEMPLATE = Path(__file__).parents[1] / "ecs-task-def.json"
PLACEHOLDER = re.compile(r"\$\{([A-Z_]+)\}")
#: The user who may change tables, and the secret with its password; the app's own user may do neither.
MIGRATE_USER, MIGRATE_SECRET = "playlog_migrate", "REGION_MIGRATE_PASSWORD"
#: What `playlog migrate region` reads of the app's environment.
MIGRATE_READS = frozenset({"PLAYLOG_ENV", "REGION_DB_URL"})


class BadTemplate(Exception):
    """The template has a placeholder that nobody fills, or isn't JSON. The message names it."""


def values_of(environment: str, config: RolloutConfig) -> dict[str, str]:
    """What each placeholder stands for."""
    return {
        "PLAYLOG_ENV": environment,
        "AWS_ACCOUNT_ID": config.account_id,
        "AWS_REGION": config.region,
        "IMAGE_PREFIX": config.image_prefix,
        "IMAGE_TAG": config.image_tag,
        "KAFKA_BOOTSTRAP": config.kafka_bootstrap,
        "REGION_DB_HOST": config.region_db_host,
        "TRUSTED_PROXIES": config.trusted_proxies,
        "INTERNAL_CALLERS": config.internal_callers,
        "LEGACY_UPSTREAM": config.legacy_upstream,
        "DD_SITE": config.datadog_site,
    }


def filled(template: str, values: Mapping[str, str]) -> Definition:
    """The template with its placeholders filled. Raises BadTemplate."""
    if strange := set(PLACEHOLDER.findall(template)) - set(values):
        raise BadTemplate(f"the template has placeholders that nothing fills: {', '.join(sorted(strange))}")

    def replaced(found: re.Match[str]) -> str:
        # As JSON has it, without the quotes: a value with a quote or a backslash stays one value.
        return json.dumps(values[found.group(1)])[1:-1]

    try:
        definition: Definition = json.loads(PLACEHOLDER.sub(replaced, template))
    except ValueError as error:
        raise BadTemplate(f"the template isn't JSON: {error}") from error
    return definition


def web_task(environment: str, config: RolloutConfig, template: str | None = None) -> Definition:
    """The region's web task. Raises BadTemplate."""
    text = TEMPLATE.read_text() if template is None else template
    return sized(filled(text, values_of(environment, config)), SIZES[config.task_size])


def migration_task(web: Definition) -> Definition:
    """A task of the web task's image that brings the region's tables up to date and ends, as the user who may."""
    task = copy.deepcopy(web)
    task["family"] = f"{web['family']}-migrate"
    small = SIZES["small"]
    task["cpu"], task["memory"] = str(small.cpu), str(small.memory_mib)
    (app,) = (each for each in task["containerDefinitions"] if each["name"] == "app")
    task["containerDefinitions"] = [app]
    for name in ("healthCheck", "stopTimeout", "cpu"):
        app.pop(name, None)
    app["memoryReservation"] = small.memory_mib - MARGIN_MIB
    app["command"] = ["migrate", "region"]
    app["environment"] = [pair for pair in app["environment"] if pair["name"] in MIGRATE_READS]
    (url,) = (pair["value"] for pair in app["environment"] if pair["name"] == "REGION_DB_URL")
    set_value(app, "REGION_DB_URL", re.sub(r"//[^@]+@", f"//{MIGRATE_USER}@", url))
    secrets = {each["name"]: each for each in app["secrets"]}
    password, ca = secrets["REGION_DB_PASSWORD"], secrets["CA_PEM"]
    password["valueFrom"] = password["valueFrom"].replace("REGION_DB_PASSWORD", MIGRATE_SECRET)
    app["secrets"] = [ca, password]
    return task
