"""The settings of `playlog listeners`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import group, setting
from common.converters import text
from common.datacentre import Datacentre, ListenerSecret


def folder(value: str) -> Path:
    """A folder's path."""
    return Path(text(value))


@dataclass(frozen=True)
class ListenersConfig:
    """Everything that `playlog listeners` reads from the environment."""

    report_dir: Path = setting("REPORT_DIR", folder, "the folder of the reports")
    datacentre: Datacentre = group(Datacentre)
    listener_secret: ListenerSecret = group(ListenerSecret)
