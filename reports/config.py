"""The settings of `playlog report`."""

import os
from dataclasses import dataclass
from pathlib import Path

from common.config import group, setting
from common.converters import one_of, text, whole
from common.datacentre import Datacentre
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings


def folder(value: str) -> Path:
    """A folder; it is made when it isn't there."""
    return Path(text(value))


def program(value: str) -> Path:
    """A file that can be run."""
    path = Path(text(value))
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise ValueError("must be the path of a file that may be executed")
    return path.resolve()


@dataclass(frozen=True)
class ReportConfig:
    """Everything that a report reads from the environment."""

    datacentre: Datacentre = group(Datacentre)
    report_dir: Path = setting("REPORT_DIR", folder, "the folder of the reports, which gets a folder a day")
    hook: Path | None = setting(
        "REPORT_HOOK", program, "a program that is called with each final report's manifest; empty for none", None
    )
    hook_seconds: int = setting("REPORT_HOOK_SECONDS", whole(1, 86_400), "the longest that REPORT_HOOK may take", 300)
    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.datacentre.environment, self.kafka)
