"""The settings of `playlog move` and of what runs beside each nginx."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from common.config import group, setting
from common.converters import address, number, one_of, text, whole
from common.database import DatabaseUrl
from common.region import Region


def file_path(value: str) -> Path:
    """An absolute path: the word may be started from any folder."""
    found = Path(text(value))
    if not found.is_absolute():
        raise ValueError("must be an absolute path")
    return found


def program(value: str) -> str:
    """A program that can be run."""
    found = shutil.which(value) or shutil.which(value, path="/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        raise ValueError("is no program on this machine")
    return found


def fields(value: str) -> tuple[str, ...]:
    """Fields of answers, as the comparator names them."""
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    for each in found:
        if not each.startswith(("/", "@")):
            raise ValueError("must be fields as `playlog move report` names them: /track/pline,@content-type")
    return found


@dataclass(frozen=True)
class Beside:
    """What both services beside an nginx read."""

    region: Region = group(Region)
    private: tuple[str, int] = setting(
        "NGINX_PRIVATE_LISTEN", address, "HOST:PORT of nginx's private listener", ("127.0.0.1", 8081)
    )
    statsd_host: str = setting("STATSD_HOST", text, "the DogStatsD agent; empty for no metrics", "")
    statsd_port: int = setting("STATSD_PORT", whole(1, 65_535), "the DogStatsD agent's UDP port", 8125)
    log_level: str = setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "the least level logged", "INFO")

    @property
    def name(self) -> str:
        """Of this nginx, among all of a region."""
        return f"{socket.gethostname()[:100]}:{self.private[1]}"

    @property
    def database(self) -> DatabaseUrl:
        return self.region.database


@dataclass(frozen=True)
class FollowConfig(Beside):
    """Everything that `playlog moves follow` reads from the environment."""

    config: Path = setting("NGINX_CONFIG", file_path, "the rendered nginx.conf; moved.conf lies beside it")
    prefix: Path = setting("NGINX_PREFIX", file_path, "nginx's prefix (-p), where its nginx.pid is")
    program: str = setting("NGINX_PROGRAM", program, "the program that tests a map (nginx -t)", "nginx")
    closing_seconds: float = setting(
        "NGINX_CLOSING_SECONDS",
        number(0, 10),
        "for how long before a reload each answer closes its connection: longer than most answers take",
        0.15,
    )
    status_bind: tuple[str, int] = setting(
        "FOLLOW_STATUS_BIND", address, "HOST:PORT of the follower's /health and /ready", ("127.0.0.1", 8093)
    )


@dataclass(frozen=True)
class CompareConfig(Beside):
    """Everything that `playlog moves compare` reads from the environment."""

    bind: tuple[str, int] = setting(
        "COMPARE_BIND", address, "HOST:PORT where nginx tells the comparator (UDP)", ("127.0.0.1", 8082)
    )
    legacy: tuple[str, int] = setting("LEGACY_UPSTREAM", address, "HOST:PORT of the legacy API")
    ours: tuple[str, int] = setting("NGINX_UPSTREAM", address, "HOST:PORT of the app")
    per_second: float = setting(
        "COMPARE_PER_SECOND", number(0.1, 1_000), "comparisons a second at most: each asks the legacy API twice", 10
    )
    timeout_seconds: float = setting(
        "COMPARE_TIMEOUT_SECONDS", number(0.1, 60), "how long an answer may take the comparator", 10
    )
    again_seconds: float = setting(
        "COMPARE_AGAIN_SECONDS",
        number(0.1, 60),
        "after how long what differs is asked again: a change of the catalogue reaches the legacy API first",
        2,
    )
    slower_factor: float = setting(
        "COMPARE_SLOWER", number(1, 100), "an answer of ours is slower from so many times the legacy API's time on", 2
    )
    ignored: tuple[str, ...] = setting(
        "COMPARE_IGNORE", fields, "fields that may differ, as `playlog move report` names them", ()
    )
    failures_bound: float = setting(
        "STEP_BACK_FAILURES",
        number(0.0001, 1),
        "share of a move's requests that may fail before it is taken back",
        0.02,
    )
    differences_bound: float = setting(
        "STEP_BACK_DIFFERENCES",
        number(0.0001, 1),
        "share of a move's comparisons that may differ before it is taken back",
        0.01,
    )
    keep_days: int = setting("COMPARISON_RETENTION_DAYS", whole(1, 365), "days for which comparisons are kept", 7)
    status_bind: tuple[str, int] = setting(
        "COMPARE_STATUS_BIND", address, "HOST:PORT of the comparator's /health and /ready", ("127.0.0.1", 8094)
    )


@dataclass(frozen=True)
class MoveConfig:
    """Everything that `playlog move` reads from the environment."""

    region: Region = group(Region)
    topic: str = setting("CATALOGUE_TOPIC", text, "the topic of the catalogue", "catalogue")
