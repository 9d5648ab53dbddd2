"""wrk, the load generator of others that the figures of moving URLs are stated under: started, and its words read."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ground import BenchFailed

THREADS, CONNECTIONS = 2, 16
MARGIN_SECONDS = 30.0
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Found:
    """What one run says. `failed` are answers that aren't 2xx or 3xx, and connections that were lost."""

    requests: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float


class Wrk:
    """One load: each path in turn, over kept-alive connections."""

    def __init__(self, url: str, paths: Sequence[str], folder: Path) -> None:
        program = shutil.which("wrk")
        if program is None:
            raise BenchFailed("wrk isn't installed: these figures are stated under it (apt-get install wrk)")
        script = folder / "paths.lua"
        named = ",".join(f'"{path}"' for path in paths)
        script.write_text(
            f"local paths = {{{named}}}\nlocal at = 0\n"
            'request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end\n'
        )
        self._argv = [program, f"-t{THREADS}", f"-c{CONNECTIONS}", "--latency", "-s", str(script)]
        self._url = url
        self._running: subprocess.Popen[str] | None = None

    def start(self, seconds: float) -> None:
        """Sends for so long; `wait` reads what it says."""
        argv = [*self._argv, f"-d{seconds:.0f}s", self._url]
        self._running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._seconds = seconds

    def wait(self) -> Found:
        """Until it has ended. Raises BenchFailed."""
        assert self._running is not None
        said, _ = self._running.communicate(timeout=self._seconds + MARGIN_SECONDS)
        if self._running.returncode:
            raise BenchFailed(f"wrk ended with status {self._running.returncode}: {said}")
        return read(said)

    def run(self, seconds: float) -> Found:
        """Both."""
        self.start(seconds)
        return self.wait()


def read(said: str) -> Found:
    """Of wrk's own words. Raises BenchFailed."""
    requests = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if requests is None or rate is None:
        raise BenchFailed(f"wrk said something unknown: {said}")
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    failed = sum(map(int, lost.groups())) if lost else 0
    return Found(
        int(requests[1]),
        failed + (int(refused[1]) if refused else 0),
        float(rate[1]),
        _percentile(said, 50),
        _percentile(said, 99),
    )


def _percentile(said: str, share: int) -> float:
    found = re.search(rf"\s{share}%\s+([\d.]+)(us|ms|s|m)\s", said)
    if found is None:
        raise BenchFailed(f"wrk said no {share} % latency: {said}")
    return float(found[1]) * _UNITS[found[2]]
