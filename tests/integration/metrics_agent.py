"""An agent of the tests' own: takes DogStatsD packets by UDP and reads them."""

import socket
import threading
from dataclasses import dataclass

KINDS = {"c": "count", "g": "gauge", "ms": "timing"}


@dataclass(frozen=True)
class Measured:
    """One measurement, as an agent understands it."""

    name: str
    value: float
    kind: str
    tags: frozenset[str]


def read_line(line: str) -> Measured:
    """`playlog.NAME:VALUE|KIND[|#TAG,TAG]`. Raises ValueError for anything else."""
    name, _, rest = line.partition(":")
    value, kind, *others = rest.split("|")
    tags = [each.removeprefix("#") for each in others if each.startswith("#")]
    if not name.startswith("playlog.") or kind not in KINDS or len(tags) != len(others):
        raise ValueError(line)
    return Measured(
        name.removeprefix("playlog."), float(value), KINDS[kind], frozenset(",".join(tags).split(",")) - {""}
    )


class Agent:
    """Listens from its making to `close`."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self.lines: list[str] = []
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def settings(self) -> dict[str, str]:
        """What a process needs to send its measurements here."""
        return {"STATSD_HOST": "127.0.0.1", "STATSD_PORT": str(self.port)}

    def measured(self) -> list[Measured]:
        """Everything so far."""
        return [read_line(line) for line in list(self.lines)]

    def total(self, name: str, *tags: str) -> float:
        """The sum of a count with these tags among others."""
        return sum(each.value for each in self.measured() if each.name == name and each.tags >= set(tags))

    def close(self) -> None:
        self._closed.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                packet = self._socket.recv(65536)
            except TimeoutError:
                continue
            self.lines.extend(line for line in packet.decode().split("\n") if line)
