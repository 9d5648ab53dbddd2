"""The limit of `bench-persist`: LOAD DATA LOCAL INFILE of the very rows that were stored, into the same table."""

import getpass
import subprocess
import time
from pathlib import Path

from bench.ground import BenchFailed
from devstack.mariadb_settings import DATACENTRE
from devstack.programs import program
from devstack.stack import Stack

EXPORT = "SELECT * FROM play_log ORDER BY received_day, request_id, item INTO OUTFILE '{path}' CHARACTER SET binary"
LOAD = "LOAD DATA LOCAL INFILE '{path}' INTO TABLE play_log CHARACTER SET binary"
COUNT = "SELECT COUNT(*) FROM play_log"
LONGEST_SECONDS = 600.0


class LoadData:
    """Takes the rows out once, then loads them as often as is wanted, into the emptied table."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._folder = stack.home / "rows"
        self._folder.mkdir(exist_ok=True)
        # The server writes here, as whatever user it is.
        self._folder.chmod(0o777)

    def export(self) -> int:
        """Writes the rows to a file, in the order of their key; returns how many there are."""
        self._execute(EXPORT.format(path=self._folder / "all"))
        return int(self._execute(COUNT))

    def seconds(self, connections: int, rows: int) -> float:
        """How long so many connections at once need for all rows, a part of the file each. Raises BenchFailed."""
        parts = self._split(connections, rows)
        self._execute("TRUNCATE TABLE play_log")
        began = time.perf_counter()
        loading = [self._start(LOAD.format(path=part)) for part in parts]
        ends = [each.wait(LONGEST_SECONDS) for each in loading]
        taken = time.perf_counter() - began
        if any(ends) or int(self._execute(COUNT)) != rows:
            raise BenchFailed(f"LOAD DATA by {connections} connections failed: look into {self._stack.home}/log")
        return taken

    def _split(self, parts: int, rows: int) -> list[Path]:
        if parts == 1:
            return [self._folder / "all"]
        prefix = f"{self._folder}/part-"
        subprocess.run(["split", f"--lines={-(-rows // parts)}", str(self._folder / "all"), prefix], check=True)
        return sorted(self._folder.glob("part-*"))

    def _start(self, sql: str) -> "subprocess.Popen[bytes]":
        argv = [program("mariadb"), "--no-defaults", f"--socket={self._stack.mariadb.socket}"]
        argv += [f"--user={getpass.getuser()}", "--local-infile=1", f"--execute={sql}", DATACENTRE]
        return subprocess.Popen(argv)

    def _execute(self, sql: str) -> str:
        return self._stack.mariadb.execute(sql, DATACENTRE)
