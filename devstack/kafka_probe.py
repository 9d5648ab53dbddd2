"""Asks a Kafka broker who it is, by the protocol itself: a port that accepts connections isn't a broker yet."""

import socket
import struct
from dataclasses import dataclass

from devstack.ports import HOST

METADATA = 3
METADATA_VERSION = 4
CORRELATION_ID = 7
TIMEOUT_SECONDS = 2.0
MAX_ANSWER_BYTES = 1024 * 1024

NoAnswer = (OSError, struct.error, ValueError)


@dataclass(frozen=True)
class Cluster:
    """The brokers that are registered and unfenced, as one of them tells it."""

    cluster_id: str
    brokers: frozenset[int]


class Reader:
    """Takes the protocol's primitive types off an answer, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def int16(self) -> int:
        return int(self._take(">h", 2))

    def int32(self) -> int:
        return int(self._take(">i", 4))

    def string(self) -> str:
        length = self.int16()
        if length < 0:
            return ""
        text = self._data[self._at : self._at + length]
        self._at += length
        return text.decode()

    def _take(self, form: str, size: int) -> int:
        (value,) = struct.unpack_from(form, self._data, self._at)
        self._at += size
        return int(value)


def ask(port: int) -> Cluster | None:
    """Returns what the broker at this port says, or None when nobody there speaks the protocol."""
    name = b"devstack"
    # Version 4 of a metadata request: no topics wanted, none to be created.
    body = (
        struct.pack(">hhih", METADATA, METADATA_VERSION, CORRELATION_ID, len(name))
        + name
        + struct.pack(">i?", 0, False)
    )
    try:
        with socket.create_connection((HOST, port), timeout=TIMEOUT_SECONDS) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            (size,) = struct.unpack(">i", _receive(connection, 4))
            if not 0 < size <= MAX_ANSWER_BYTES:
                return None
            return _read_cluster(Reader(_receive(connection, size)))
    except NoAnswer:
        return None


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ValueError("the connection ended inside an answer")
        data += piece
    return data


def _read_cluster(answer: Reader) -> Cluster:
    if answer.int32() != CORRELATION_ID:
        raise ValueError("the answer is to another question")
    answer.int32()  # how long we are throttled
    brokers = set()
    for _ in range(answer.int32()):
        brokers.add(answer.int32())
        answer.string()  # host
        answer.int32()  # port
        answer.string()  # rack
    return Cluster(answer.string(), frozenset(brokers))
