"""The web process dies, loses a worker, is stopped, and is replaced task by task."""

import json
import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

from devstack.service import answers
from tests.children import children_of
from tests.faults.case import FaultCase
from tests.faults.task import Task
from tests.integration.ingest_sender import PATH

#: As a load balancer asks.
ASK_SECONDS = 0.5


class Balancer:
    """Stands for the load balancer: knows which tasks say that they are ready, and sends to those in turn."""

    def __init__(self, tasks: list[Task]) -> None:
        self._tasks, self._turn = tasks, 0
        self._ready = list(tasks)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def door(self) -> int:
        self._turn += 1
        ready = self._ready or self._tasks
        return ready[self._turn % len(ready)].nginx.port

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(ASK_SECONDS):
            self._ready = [each for each in self._tasks if answers(f"http://127.0.0.1:{each.app.port}/ready")]


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


class AppTest(FaultCase):
    def test_the_app_is_killed(self) -> None:
        scene = self.begin()
        app = scene.tasks[0].app
        with self.fault():
            app.kill()
            scene.run_on(5)
            app.restart()
        self.assertGreater(scene.senders.statuses(self.broken_at).get(502, 0), 0)
        lines = scene.tasks[0].nginx.child.log_path.read_text().splitlines()
        refused = [json.loads(line) for line in lines if '"status":"502"' in line]
        self.assertEqual({each["method"] for each in refused if each["path"] == PATH}, {"POST"})
        self.settle("app: kill -9 of all its processes, back after 5 s", self.recover())

    def test_the_app_is_stopped(self) -> None:
        scene = self.begin()
        app = scene.tasks[0].app
        with self.fault():
            self.assertEqual(app.stop(), 0)
            app.restart()
        self.settle("app: SIGTERM, started again at once", self.recover())

    def test_a_worker_is_killed(self) -> None:
        scene = self.begin()
        (gunicorn,) = children_of(scene.tasks[0].app.child.pid)
        for _ in range(3):
            with self.fault():
                worker = children_of(gunicorn)[0]
                os.kill(worker, signal.SIGKILL)
            self.eventually(partial(is_gone, worker), "the worker is gone")
            self.eventually(lambda: len(children_of(gunicorn)) == 2, "there are two workers again")
            scene.run_on(2)
        self.settle("app: kill -9 of one worker, three times", self.recover())

    def test_a_rolling_restart_shows_no_error(self) -> None:
        scene = self.begin(tasks=2, app={"DRAIN_SECONDS": "3"})
        balancer = Balancer(scene.tasks)
        self.addCleanup(balancer.stop)
        scene.senders.door = balancer.door
        scene.run_on(2)
        with self.fault():
            for task in scene.tasks:
                self.assertEqual(task.app.child.stop(40), 0)
                task.app.restart()
                time.sleep(2 * ASK_SECONDS)
        recovered = self.recover()
        self.assertEqual(set(scene.senders.statuses(self.broken_at)), {200})
        self.settle("rolling restart of two tasks behind a balancer", recovered)
