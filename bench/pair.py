"""Two persisters that share the partitions evenly before either of them may store anything."""

import json
import time
import urllib.error
import urllib.request

from bench.ground import BenchFailed
from devstack.emptied import locked
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import Service
from devstack.stack import Stack
from devstack.topics import PARTITIONS

SHARED_SECONDS = 60.0


class Pair:
    """The stack's own persister and another one, of the same group."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._second = Service("persister-2", "consume", stack.home, Ports(), self._environ)

    @property
    def children(self) -> list[Child]:
        return [self._stack.persister.child, self._second.child]

    def start(self) -> None:
        """Returns when each has half of the partitions; what they could store waits until then. Raises BenchFailed."""
        with locked(self._stack, "consumer_offset"):
            for service in (self._stack.persister, self._second):
                service.launch()
            until = time.monotonic() + SHARED_SECONDS
            while [self._partitions(each) for each in (self._stack.persister, self._second)] != [PARTITIONS // 2] * 2:
                if time.monotonic() > until:
                    raise BenchFailed(f"two persisters didn't share the partitions: look into {self._stack.home}/log")
                time.sleep(0.1)

    def stop(self) -> None:
        self._second.stop()
        self._stack.persister.stop()

    def _environ(self) -> dict[str, str]:
        own = {"CONSUMER_STATUS_BIND": f"{HOST}:{self._second.port}"}
        return self._stack.environ("consume") | own

    def _partitions(self, service: Service) -> int:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{service.port}/ready", timeout=2) as reply:
                said = reply.read()
        except urllib.error.HTTPError as error:
            with error:
                said = error.read()
        except OSError:
            return 0
        return len(json.loads(said)["partitions"])
