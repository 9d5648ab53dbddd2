"""One node of a Kafka cluster: broker and controller in one Java process."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from devstack import kafka_probe
from devstack.closed_kafka import ClosedKafka
from devstack.jvm import java, java_environ
from devstack.kafka_settings import NodeAddress, properties
from devstack.ports import HOST
from devstack.process import Child, ProcessFailed
from devstack.waiting import wait_until_ready

HEAP = "-Xmx384m"
READY_SECONDS = 90.0
FORMAT_SECONDS = 60.0


class KafkaNode:
    """One node: broker and controller in one Java process."""

    def __init__(self, node_id: int, home: Path, libs: Path, data: Path, closed: ClosedKafka | None = None) -> None:
        self.node_id = node_id
        self.child = Child(f"kafka-{node_id}", home)
        self.data = data
        self._home = home
        self._libs = libs
        self._closed = closed
        self._config = home / "etc" / f"kafka-{node_id}.properties"
        self.address = NodeAddress(node_id, 0, 0)
        self._cluster_id = ""
        #: Beside our own environment, from the next launch on.
        self.environ: Mapping[str, str] = {}

    def configure(self, cluster_id: str, settings: Mapping[str, str]) -> None:
        """Writes the properties file, and formats the data folder where that never happened."""
        self._cluster_id = cluster_id
        self._config.parent.mkdir(parents=True, exist_ok=True)
        self._config.write_text(properties(settings))
        if not (self.data / "meta.properties").exists():
            self._format()

    def launch(self) -> None:
        """Starts the node without waiting for it."""
        self.child.launch([*java(self._libs, HEAP), "kafka.Kafka", str(self._config)], self._environ(), self._home)

    def _environ(self) -> dict[str, str]:
        return java_environ() | dict(self.environ)

    def is_ready(self) -> bool:
        """Says whether the broker itself answers, for our cluster, and counts itself among the unfenced."""
        if self._closed is not None:
            return self._closed.is_ready(f"{HOST}:{self.address.port}")
        answer = kafka_probe.ask(self.address.port)
        return answer is not None and answer.cluster_id == self._cluster_id and self.node_id in answer.brokers

    def start(self) -> None:
        """Starts the node again, with its data and on its ports, and waits until it serves."""
        self.launch()
        self.wait()

    def wait(self) -> None:
        wait_until_ready(self.child, self.is_ready, READY_SECONDS)

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()

    def _format(self) -> None:
        # A folder half formatted by a run that was cut off would be refused.
        for path in self.data.glob("*.properties*"):
            path.unlink()
        self.data.mkdir(parents=True, exist_ok=True)
        argv = [*java(self._libs, "-Xmx128m", "-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool", "format"]
        # One word: an id may begin with a hyphen, and would be taken for an option.
        argv += [f"--cluster-id={self._cluster_id}", "--config", str(self._config)]
        argv += self._closed.format_arguments() if self._closed else []
        done = subprocess.run(
            argv,
            env=java_environ(),
            cwd=self._home,
            capture_output=True,
            text=True,
            timeout=FORMAT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ProcessFailed(
                f"{self.child.name}: its data folder {self.data} can't be formatted: {done.stderr or done.stdout}"
            )
