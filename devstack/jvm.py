"""How Kafka's Java processes are started."""

import hashlib
import os
from pathlib import Path

from devstack.programs import program

LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")


def archive_of(libs: Path) -> Path:
    """Where the classes of these jars lie as this Java keeps them; another Java, or other jars, have another place."""
    java = Path(program("java")).resolve()
    about = [java, *sorted(libs.glob("*.jar"))]
    facts = "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in about)
    return libs.parent / f"classes-{hashlib.sha256(facts.encode()).hexdigest()[:12]}.jsa"


def java(libs: Path, *flags: str) -> list[str]:
    """The start of a command; a main class and its arguments follow. Raises ProgramMissing."""
    archive = archive_of(libs)
    shared = [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []
    common = ["-XX:+UseSerialGC", *shared, f"-Dlog4j2.configurationFile={LOG_SETTINGS.as_uri()}"]
    return [program("java"), *common, *flags, "-cp", f"{libs}/*"]


def java_environ() -> dict[str, str]:
    """Our environment, with a locale under which Java finds files whatever their names; both distributions have it."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
