"""Keeps Kafka's classes as Java has loaded them once: a broker then starts in about half the time."""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from devstack.jvm import archive_of, java, java_environ
from devstack.kafka_settings import NodeAddress, node_settings, properties
from devstack.ports import Ports, is_free
from devstack.process import Child, ProcessFailed
from devstack.waiting import wait_until_ready

CLUSTER = "archive-of-its-classes"
READY_SECONDS = 60.0
END_SECONDS = 60.0


def set_up_archive(root: Path, say: Callable[[str], None]) -> None:
    """Does nothing when the archive is there; else starts a broker once and lets it end.

    Without it everything works, more slowly: a failure is said, and stops nothing.
    """
    libs = root / ".local" / "kafka" / "libs"
    archive = archive_of(libs)
    if archive.exists():
        return
    say("keeping Kafka's classes, for quicker starts")
    for old in archive.parent.glob("classes-*.jsa*"):
        old.unlink()
    making = archive.with_suffix(".jsa.making")
    try:
        with tempfile.TemporaryDirectory(prefix="playlog-archive-") as folder:
            _run_once(libs, Path(folder), making)
        making.rename(archive)
    except (OSError, ProcessFailed, subprocess.SubprocessError) as error:
        say(f"they couldn't be kept ({error}): Kafka starts more slowly, and all else is as it should be")


def _run_once(libs: Path, folder: Path, making: Path) -> None:
    """Formats a broker's folder, starts the broker, and ends it as soon as it listens."""
    ports = Ports()
    own = NodeAddress(1, ports.take(), ports.take())
    config = folder / "kafka.properties"
    config.write_text(properties(node_settings(own, (own,), Path("data"))))
    argv = [*java(libs), "kafka.tools.StorageTool", "format", f"--cluster-id={CLUSTER}", "--config", str(config)]
    subprocess.run(argv, env=java_environ(), cwd=folder, capture_output=True, timeout=READY_SECONDS, check=True)
    broker = Child("kafka-archive", folder)
    argv = [*java(libs, "-Xmx384m", f"-XX:ArchiveClassesAtExit={making}"), "kafka.Kafka", str(config)]
    broker.launch(argv, java_environ(), folder)
    try:
        wait_until_ready(broker, lambda: not is_free(own.port), READY_SECONDS)
    finally:
        broker.stop(END_SECONDS)
