"""A simulated day: made-up logs through a real stack whose clock is moved on, hour by hour, to the final report."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as moment
from pathlib import Path

from devstack.mariadb_settings import DATACENTRE
from devstack.moved_clock import MovedClock
from devstack.parts import Part
from devstack.process import ProcessFailed
from devstack.secrets_file import CLIENT_KEY
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.stack import Stack

#: The file of its clock, by which a folder is known as ours.
CLOCK = "clock"
PARTS = frozenset({*Part} - {Part.LEGACY, Part.FOLLOWER, Part.COMPARATOR})
#: Partners of different sizes, by their share of the logs; the first is the stack's own client.
CLIENTS = {"demo": 0.6, "acme": 0.3, "bolt": 0.1}
RELEASES = 200
#: How many logs of a hundred come in which hour (UTC); the evening is busy.
HOURS = (3, 2, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 7, 7, 8, 8, 7, 4, 3)
#: Some logs come a day late, as from phones that were offline; each has an id.
DAYS_BACK = ("--days-back", "1", "--with-ids")
#: The persister cuts a quiet partition five minutes after the day's end.
AFTER_MIDNIGHT = timedelta(minutes=6)
FINAL_SECONDS = 120.0
WORD_SECONDS = 300.0


def make_room(home: Path) -> None:
    """Removes what an earlier simulated day left. Raises ProcessFailed for a folder that isn't one, or one at work."""
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / CLOCK).exists():
        raise ProcessFailed(f"{home} holds something else than a simulated day: name an empty folder, or a new one")
    # It has to be at rest: a second run must not take the data away under the first.
    former = Stack(home, frozenset())
    former.claim()
    shutil.rmtree(home)
    former.stop()


class SimulatedDay:
    """One run: a stack, its clock, and the logs that are sent to it."""

    def __init__(self, home: Path, say: Callable[[str], None] = print) -> None:
        self._home, self._say = home, say
        self._clock = MovedClock(home / CLOCK)
        make_room(home)
        self._stack = Stack(home, PARTS)
        self._keys: dict[str, str] = {}

    def run(self, days: Sequence[date], steps: int, logs: int) -> Path:
        """Lives through the days, each in so many steps, the last with so many logs; returns its report's page.

        Raises ProcessFailed.
        """
        self._stack.claim()
        self._clock.set(datetime.combine(days[0], moment(0, 0, 30), UTC))
        os.environ.update(self._clock.words_environ())
        for node in self._stack.kafka.nodes:
            node.environ = self._clock.kafka_environ()
        self._say("starting Kafka, MariaDB, nginx, the app and the consumers")
        with self._stack:
            self._add_clients()
            tracks = self._make_catalogue()
            for number, day in enumerate(days):
                is_last = day == days[-1]
                # Partners that grow: earlier days have fewer logs.
                share = (len(days) + number + 1) / (2 * len(days))
                self._live(day, steps if is_last else max(1, steps // 6), round(logs * share), tracks)
            self._clock.set(datetime.combine(days[-1] + timedelta(days=1), moment(), UTC) + AFTER_MIDNIGHT)
            return self._report(days[-1])

    def _live(self, day: date, steps: int, logs: int, tracks: Path) -> None:
        """A day: the clock goes on by one step, and the logs of that step are sent."""
        hours = 24 // steps
        for step in range(steps):
            first = step * hours
            self._clock.set(datetime.combine(day, moment(first, 30), UTC))
            number = logs * sum(HOURS[first : first + hours]) // sum(HOURS)
            with ThreadPoolExecutor(len(CLIENTS)) as threads:
                for sending in [threads.submit(self._send, name, number, tracks) for name in CLIENTS]:
                    sending.result()
            self._say(f"{day} {first:02d}:30 UTC  {number} logs sent")

    def _send(self, client: str, logs: int, tracks: Path) -> None:
        """`playlog sample | playlog send -`, as this client."""
        number = max(1, round(logs * CLIENTS[client]))
        seed = f"{self._clock.now():%m%d%H}{list(CLIENTS).index(client)}"
        made = self._word("sample", "--logs", str(number), "--seed", seed, "--track-ids", str(tracks), *DAYS_BACK)
        self._word("send", "-", "--no-progress", stdin=made, PLAYLOG_KEY=self._keys[client])

    def _add_clients(self) -> None:
        own = self._stack.secrets.get(CLIENT_KEY)
        assert own is not None, "the stack has a client"
        self._keys = {"demo": own}
        for name in list(CLIENTS)[1:]:
            self._keys[name] = self._word("clients", "add", name, "--allow", "logs.*").split()[0]
        # The app looks for new clients every second.
        time.sleep(2)

    def _make_catalogue(self) -> Path:
        """A catalogue, and a file of its tracks: what is played has names."""
        self._word("catalogue", "sample", "--releases", str(RELEASES))
        tracks = self._home / "tracks.txt"
        tracks.write_text(self._stack.mariadb.execute("SELECT track_id FROM catalogue_track", DATACENTRE))
        return tracks

    def _report(self, day: date) -> Path:
        """What cron runs, until every day is final; then the operator's page."""
        until = time.monotonic() + FINAL_SECONDS
        self._say("waiting for the persister to cut the day")
        while (done := self._run("report", "--until-final")).returncode:
            if time.monotonic() > until:
                raise ProcessFailed(f"{day} isn't final after {FINAL_SECONDS:.0f} s:\n{done.stdout}{done.stderr}")
            time.sleep(1)
        reports = self._home / "reports"
        # Back to now: a page that is a day old would say that cron has stopped.
        self._clock.set(datetime.now(UTC))
        self._word("status", "--html", str(reports / "status.html"))
        self._say(self._word("ledger", "--date", day.isoformat()))
        return reports / day.isoformat() / "report.html"

    def _word(self, word: str, *arguments: str, stdin: str = "", **changes: str) -> str:
        """Runs a word to its end; what it printed. Raises ProcessFailed."""
        done = self._run(word, *arguments, stdin=stdin, **changes)
        if done.returncode:
            said = (done.stdout + done.stderr)[-2_000:]
            raise ProcessFailed(f"playlog {word} {' '.join(arguments)} ended with status {done.returncode}:\n{said}")
        return done.stdout

    def _run(self, word: str, *arguments: str, stdin: str = "", **changes: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            word_command(word, *arguments),
            env=child_environ(self._stack.environ(word) | changes),
            cwd=REPOSITORY,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=WORD_SECONDS,
            check=False,
        )
