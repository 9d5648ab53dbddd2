"""A Kafka cluster of one or several nodes, without ZooKeeper."""

import base64
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.closed_kafka import ClosedKafka
from devstack.kafka_node import KafkaNode
from devstack.kafka_settings import NodeAddress, far_door_settings, node_settings
from devstack.ports import HOST, Ports
from devstack.waiting import wait_or_choose_again

STOP_SECONDS = 8.0


class Kafka:
    """The cluster: one node for most uses, three where a leader's loss is the case.

    With `far_door` each node has a second listener for clients at the far end of a link. It is given the port of that
    listener and returns the port that the node tells them instead: that of a relay, which can cut the link.
    """

    def __init__(
        self,
        home: Path,
        libs: Path,
        ports: Ports,
        nodes: int = 1,
        settings: Mapping[str, str] | None = None,
        port: int | None = None,
        closed: ClosedKafka | None = None,
        far_door: Callable[[int], int] | None = None,
    ) -> None:
        self._home = home
        self._far_door = far_door
        self._far_ports: tuple[int, ...] = ()
        self._closed = closed
        self._ports = ports
        self._preferred = port
        self._extra = dict(settings or {})
        self.nodes = tuple(KafkaNode(i, home, libs, home / "data" / f"kafka-{i}", closed) for i in range(1, nodes + 1))

    @property
    def bootstrap(self) -> str:
        """The value of KAFKA_BOOTSTRAP."""
        return ",".join(f"{HOST}:{node.address.port}" for node in self.nodes)

    @property
    def far_bootstrap(self) -> str:
        """The value of KAFKA_BOOTSTRAP at the far end of the link."""
        return ",".join(f"{HOST}:{port}" for port in self._far_ports)

    def launch(self) -> None:
        """Chooses ports, writes the configuration and starts all nodes without waiting for them."""
        for node in self.nodes:
            preferred = self._preferred if node.node_id == 1 else None
            node.address = NodeAddress(node.node_id, self._ports.take(preferred), self._ports.take())
        self._far_ports = ()
        addresses = tuple(node.address for node in self.nodes)
        cluster_id = self._cluster_id()
        for node in self.nodes:
            own = node_settings(node.address, addresses, node.data.relative_to(self._home))
            closed = self._closed.settings(node.address) if self._closed else {}
            node.configure(cluster_id, own | closed | self._far_settings(own) | self._extra)
        for node in self.nodes:
            node.launch()

    def wait(self) -> None:
        """Waits until every node serves; ports that somebody took meanwhile are chosen again."""
        wait_or_choose_again(self)

    def wait_once(self) -> None:
        for node in self.nodes:
            node.wait()

    def listens_on(self) -> tuple[int, ...]:
        return tuple(port for node in self.nodes for port in (node.address.port, node.address.controller_port))

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> None:
        # All at once: the last of three can't leave in good order, for the others no longer vote.
        for node in self.nodes:
            node.child.ask_to_stop()
        for node in self.nodes:
            node.child.stop(STOP_SECONDS)

    def kill(self) -> None:
        for node in self.nodes:
            node.kill()

    def restart(self) -> None:
        """Starts all nodes again with their data, on the same ports."""
        for node in self.nodes:
            node.launch()
        self.wait_once()

    def _far_settings(self, own: Mapping[str, str]) -> dict[str, str]:
        if self._far_door is None:
            return {}
        port = self._ports.take()
        told = self._far_door(port)
        self._far_ports = (*self._far_ports, told)
        return far_door_settings(own, port, told)

    def _cluster_id(self) -> str:
        path = self._home / "etc" / "kafka-cluster-id"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))
        return path.read_text()
