"""New connections go to the worker that has fewer: none refuses requests while another one is idle."""

import re
import socket
from collections import Counter
from pathlib import Path

from devstack.ports import HOST
from tests.integration.ingest_case import IngestCase

CONNECTIONS = 32
#: Of 32 on two workers; by chance alone, or by a race, one of them had 29.
FEWEST = 12
ESTABLISHED = "01"


class BalanceTest(IngestCase):
    def setUp(self) -> None:
        self.held: list[socket.socket] = []
        self.addCleanup(self.close)

    def close(self) -> None:
        for each in self.held:
            each.close()

    def connect(self) -> None:
        """A connection that stays, with one request answered: it is a worker's now."""
        sender = socket.create_connection((HOST, self.rig.service.port), timeout=10)
        self.held.append(sender)
        sender.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertIn(b" 200 ", sender.recv(4096))

    def test_two_workers_share_the_connections(self) -> None:
        for _ in range(CONNECTIONS):
            self.connect()
        ours = {each.getsockname()[1] for each in self.held}
        counts = Counter(pid for pid in self.rig.workers() for port in ports_of(pid) if port in ours)
        self.assertEqual(sum(counts.values()), CONNECTIONS)
        self.assertGreaterEqual(min(counts[pid] for pid in self.rig.workers()), FEWEST, counts)


def ports_of(pid: int) -> list[int]:
    """The far ports of the connections that a process holds."""
    links = [entry.readlink() for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    inodes = {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", str(link)))}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [int(line[2].rpartition(":")[2], 16) for line in lines if line[3] == ESTABLISHED and line[9] in inodes]
