"""The short form of `make faults`: everything dies in turn under load, on one broker, and every log counts once."""

import os
import signal

from tests.children import children_of
from tests.faults.case import FaultCase
from tests.faults.stage import Stage
from tests.integration.shared_stack import shared_stack


class InTurnTest(FaultCase):
    def stage(self) -> Stage:
        return Stage(shared_stack())

    def test_everything_dies_in_turn(self) -> None:
        scene = self.begin()
        broker, mariadb = scene.stack.kafka.nodes[0], scene.stack.mariadb
        with self.fault():
            (gunicorn,) = children_of(scene.tasks[0].app.child.pid)
            os.kill(children_of(gunicorn)[0], signal.SIGKILL)
            scene.run_on(1)
            scene.persisters[-1].kill()
            scene.start_persister()
            mariadb.kill()
            scene.run_on(1)
            mariadb.restart()
            broker.kill()
            # Away long enough that requests are refused: one that starts at once loses none.
            scene.run_on(4)
            broker.start()
        verdict = self.settle("everything in turn, kill -9", self.recover())
        self.assertGreater(verdict.unknown_requests + verdict.refused_requests, 0)
