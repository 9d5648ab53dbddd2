"""How large a task is: what Fargate gives it, and what each container gets of that."""

import copy
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]

#: For nginx and the agent; what is left of the memory's reservation is a margin for all.
AGENT_CPU = 128
MARGIN_MIB = 1024


@dataclass(frozen=True)
class Size:
    """One of the pairs that Fargate has (1024 CPU units are a vCPU), and gunicorn's processes in it."""

    cpu: int
    memory_mib: int
    workers: int


SIZES = {
    "small": Size(cpu=1024, memory_mib=2048, workers=2),
    "medium": Size(cpu=2048, memory_mib=4096, workers=4),
    "large": Size(cpu=4096, memory_mib=8192, workers=8),
}


def sized(definition: Definition, size: Size) -> Definition:
    """A definition of that size: the agent keeps its share, nginx gets an eighth of the CPU, and the app the rest."""
    result = copy.deepcopy(definition)
    result["cpu"], result["memory"] = str(size.cpu), str(size.memory_mib)
    containers = {each["name"]: each for each in result["containerDefinitions"]}
    nginx = size.cpu // 8
    containers["nginx"]["cpu"], containers["datadog-agent"]["cpu"] = nginx, AGENT_CPU
    containers["app"]["cpu"] = size.cpu - nginx - AGENT_CPU
    containers["app"]["memoryReservation"] = size.memory_mib - MARGIN_MIB
    set_value(containers["app"], "WEB_WORKERS", str(size.workers))
    return result


def set_value(container: Definition, name: str, value: str) -> None:
    """Sets one name of a container's environment, which must be there. Raises KeyError."""
    for pair in container["environment"]:
        if pair["name"] == name:
            pair["value"] = value
            return
    raise KeyError(name)
