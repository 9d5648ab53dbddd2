"""The settings of a broker of the devstack, as its properties file has them."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack.ports import HOST

# A record of a 1 MiB body plus headers; the topic's own limit is 2 MiB (exactly: devstack/topics.py).
MAX_MESSAGE_BYTES = 3 * 1024 * 1024
# Longer than the topic keeps its records (7 days): a consumer that was away never finds its place forgotten.
OFFSETS_RETENTION_MINUTES = 14 * 24 * 60
# A killed consumer's partitions go to the next one after this time. Consumers by KIP-848 don't state it themselves.
SESSION_TIMEOUT_MILLISECONDS = 10_000
HEARTBEAT_MILLISECONDS = 1_000
BROKER_SESSION_MILLISECONDS = 3_000
BROKER_HEARTBEAT_MILLISECONDS = 500
CLEANER_BUFFER_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class NodeAddress:
    """Where one node of a cluster listens."""

    node_id: int
    port: int
    controller_port: int


def node_settings(own: NodeAddress, all_nodes: tuple[NodeAddress, ...], data: Path) -> dict[str, str]:
    """Returns the settings of one node that is broker and controller at once.

    `data` is relative to the folder in which the node is started: log.dirs is a list, split at each comma.
    Raises ValueError for another.
    """
    if data.is_absolute():
        raise ValueError(f"the data folder {data} must be relative to the folder in which the node is started")
    copies = min(len(all_nodes), 3)
    in_sync = 1 if copies < 3 else 2
    voters = ",".join(f"{node.node_id}@{HOST}:{node.controller_port}" for node in all_nodes)
    return {
        "process.roles": "broker,controller",
        "node.id": str(own.node_id),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://{HOST}:{own.port},CONTROLLER://{HOST}:{own.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{own.port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "default.replication.factor": str(copies),
        "min.insync.replicas": str(in_sync),
        "message.max.bytes": str(MAX_MESSAGE_BYTES),
        "replica.fetch.max.bytes": str(MAX_MESSAGE_BYTES),
        "offsets.topic.replication.factor": str(copies),
        "offsets.topic.num.partitions": "4",
        "offsets.retention.minutes": str(OFFSETS_RETENTION_MINUTES),
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": str(in_sync),
        "share.coordinator.state.topic.replication.factor": str(copies),
        "share.coordinator.state.topic.min.isr": str(in_sync),
        "group.coordinator.rebalance.protocols": "classic,consumer",
        "group.initial.rebalance.delay.ms": "0",
        **session_settings(SESSION_TIMEOUT_MILLISECONDS, HEARTBEAT_MILLISECONDS),
        "log.cleaner.dedupe.buffer.size": str(CLEANER_BUFFER_BYTES),
        # A node killed and started at once is refused until its former self counts as gone.
        "broker.session.timeout.ms": str(BROKER_SESSION_MILLISECONDS),
        "broker.heartbeat.interval.ms": str(BROKER_HEARTBEAT_MILLISECONDS),
    }


def session_settings(timeout_milliseconds: int, heartbeat_milliseconds: int) -> dict[str, str]:
    """Returns the broker's settings for how soon a silent consumer is given up."""
    return {
        "group.consumer.min.session.timeout.ms": str(timeout_milliseconds),
        "group.consumer.session.timeout.ms": str(timeout_milliseconds),
        "group.consumer.min.heartbeat.interval.ms": str(heartbeat_milliseconds),
        "group.consumer.heartbeat.interval.ms": str(heartbeat_milliseconds),
    }


def far_door_settings(own: Mapping[str, str], port: int, told: int) -> dict[str, str]:
    """Returns the settings of a second listener at `port`, whose clients are told to come to `told` instead."""
    added = {
        "listeners": f"FAR://{HOST}:{port}",
        "advertised.listeners": f"FAR://{HOST}:{told}",
        "listener.security.protocol.map": "FAR:PLAINTEXT",
    }
    return {name: f"{own[name]},{value}" for name, value in added.items()}


def properties(settings: Mapping[str, str]) -> str:
    """Renders settings as a Java properties file, which is read as Latin-1 (java.util.Properties.load)."""
    return "".join(f"{name}={_escaped(value)}\n" for name, value in settings.items())


def _escaped(value: str) -> str:
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    return "".join(
        chr(unit) if unit < 0x80 else f"\\u{unit:04x}" for unit in struct.unpack(f">{len(units) // 2}H", units)
    )
