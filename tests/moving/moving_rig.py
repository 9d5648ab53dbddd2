"""A whole stack with a stand-in of the legacy API and a catalogue; and what operators and clients do with it."""

import atexit
import json
import os
import shutil
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import requests

from app.gateway.refresh import PERIOD_SECONDS
from devstack.kafka_settings import session_settings
from devstack.mariadb_settings import REGION
from devstack.parts import ALL, Part
from devstack.ports import HOST
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.integration.metrics_agent import Agent
from tests.integration.shared_stack import BUILD, remove_left_over
from tests.integration.topic_rig import eventually
from tests.moving.operator_words import DETAILS, Operator

HOME = BUILD / f"stack-moving-{os.getpid()}"
USES = "usageTypes=download"
SECONDS = 20.0
#: Short, for each version of a test waits for it.
CLOSING_SECONDS = 0.05
LEGACY = ("--allow", "legacy.*")
CLIENTS = {
    "acme": LEGACY,
    "other": LEGACY,
    "counted": ("--allow", "legacy.track", "--limit", "1000"),
    "tracks-only": ("--allow", "tracks"),
    "logs-only": ("--allow", "logs.*"),
    "small": (*LEGACY, "--limit", "2"),
    "refunded": (*LEGACY, "--limit", "100"),
    "patient": (*LEGACY, "--limit", "100"),
}


class MovingRig(Operator):
    """One stack for the whole suite; whoever stops a part of it starts it again."""

    def __init__(self) -> None:
        self.agent = Agent()
        stack = Stack(
            HOME,
            ALL - {Part.PERSISTER},
            kafka_settings=session_settings(3_000, 300),
            is_test=True,
            overrides={
                "catalogue-produce": {"CATALOGUE_CHECKPOINT_SECONDS": "0.05"},
                "serve": {"WEB_WORKERS": "2", "WEB_THREADS": "12"},
                "moves": self.agent.settings()
                | {
                    "NGINX_CLOSING_SECONDS": str(CLOSING_SECONDS),
                    "COMPARE_PER_SECOND": "500",
                    "COMPARE_TIMEOUT_SECONDS": "2",
                    "COMPARE_AGAIN_SECONDS": "0.2",
                },
            },
        )
        super().__init__(stack)
        self.keys: dict[str, str] = {}
        #: Tracks that are out, in the order of their ids.
        self.tracks: list[int] = []

    def start(self) -> "MovingRig":
        """Starts all of it, with a catalogue of some hundred tracks in the region."""
        remove_left_over("stack-moving-")
        self.stack.start()
        refuse_unmarked(self.stack)
        for name, arguments in CLIENTS.items():
            done = self._playlog("clients", "add", name, *arguments)
            assert done.returncode == 0, done.stderr
            self.keys[name] = done.stdout.split()[0]
        known_at = time.monotonic() + PERIOD_SECONDS + 0.5
        done = self._playlog("catalogue", "sample", "--releases", "40")
        assert done.returncode == 0, done.stderr
        self.word("shadow", "0")
        eventually(lambda: self._playlog("catalogue", "verify", "--leg", "region").returncode == 0, "it is there")
        for track in map(int, self.region("SELECT track_id FROM catalogue_track ORDER BY track_id LIMIT 200").split()):
            if requests.get(self.legacy_url(track), timeout=SECONDS).status_code == 200:
                self.tracks.append(track)
        assert len(self.tracks) > 120
        # Each of the app's processes has read the clients.
        time.sleep(max(0.0, known_at - time.monotonic()))
        return self

    def stop(self) -> None:
        self.stack.stop()
        self.agent.close()
        shutil.rmtree(HOME / "data", ignore_errors=True)

    def reset(self) -> None:
        """Nothing was compared, and the legacy API has no fault."""
        self.fault()
        # What nginx just told the comparator of may be on its way.
        time.sleep(0.05)
        eventually(lambda: not self.waiting(), "the comparator has nothing to do", 20)
        self.region("DELETE FROM move_comparison")

    @property
    def key(self) -> str:
        return self.keys["acme"]

    @property
    def other_key(self) -> str:
        return self.keys["other"]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.stack.nginx.port}"

    def legacy_url(self, track: int) -> str:
        return f"{self.stack.legacy.url}{DETAILS}?trackid={track}&country=GB&{USES}"

    def path(self, track: int, key: str | None = None) -> str:
        return f"{DETAILS}?trackid={track}&country=GB&{USES}&oauth_consumer_key={key or self.key}"

    def get(self, track: int, key: str | None = None, url: str | None = None, **headers: str) -> requests.Response:
        """track/details through nginx."""
        return requests.get(f"{url or self.url}{self.path(track, key)}", headers=headers, timeout=SECONDS)

    def origin(self, track: int, key: str | None = None, url: str | None = None) -> str:
        """Who answers."""
        reply = self.get(track, key, url)
        assert reply.status_code == 200, reply.text
        return reply.headers["X-Origin"]

    def origins(self, tracks: Iterable[int], key: str | None = None) -> dict[int, str]:
        """Of several, over one connection."""
        with requests.Session() as session:
            found = {}
            for track in tracks:
                reply = session.get(f"{self.url}{self.path(track, key)}", timeout=SECONDS)
                assert reply.status_code == 200, reply.text
                found[track] = reply.headers["X-Origin"]
            return found

    def fault(self, **faults: Any) -> None:
        """What the legacy API does wrong from now on, and nothing else."""
        reply = requests.put(f"{self.stack.legacy.url}/standin/faults", json=faults, timeout=SECONDS)
        assert reply.status_code == 200, reply.text

    def region(self, sql: str) -> str:
        """SQL as the administrator."""
        return self.stack.mariadb.execute(sql, REGION)

    def verdicts(self) -> dict[str, int]:
        """How many comparisons of each verdict are kept; slower is equal, for here the machine would be judged."""
        rows = self.region(
            "SELECT REPLACE(verdict, 'slower', 'equal') AS said, COUNT(*) FROM move_comparison GROUP BY said"
        ).splitlines()
        return {verdict: int(count) for verdict, count in (row.split("\t") for row in rows)}

    def waiting(self) -> int:
        """What the comparator has to do."""
        reply = requests.get(f"http://{HOST}:{self.stack.comparator.port}/ready", timeout=SECONDS)
        return int(reply.json()["waiting"])

    def compared(self, number: int) -> dict[str, int]:
        """Waits for so many comparisons."""
        try:
            eventually(lambda: sum(self.verdicts().values()) >= number, f"{number} are compared", 20)
        except AssertionError as late:
            said = requests.get(f"http://{HOST}:{self.stack.comparator.port}/ready", timeout=SECONDS).text
            raise AssertionError(f"{late}: {self.verdicts()} are; the comparator says {said}") from None
        return self.verdicts()

    def access_log(self) -> list[dict[str, Any]]:
        """What nginx wrote."""
        lines = self.stack.nginx.child.log_path.read_text().splitlines()
        return [json.loads(line) for line in lines if '"logger":"nginx"' in line]

    def wait_for_log(self, request_id: str) -> dict[str, Any]:
        """nginx's line of one request."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            found = [line for line in self.access_log() if line["request_id"] == request_id]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"nginx wrote nothing of {request_id}")


@cache
def moving_rig() -> MovingRig:
    """Started when the first test asks."""
    rig = MovingRig()
    atexit.register(rig.stop)
    return rig.start()
