"""The persister dies at every step of its work, is stopped, frozen, and has to share its partitions."""

import os
import signal
import threading
from functools import partial
from typing import Literal

from devstack.emptied import locked
from devstack.process import Child
from tests.faults.case import FaultCase
from tests.faults.commit_tap import CommitTap
from tests.faults.stage import stage
from tests.integration.link import pass_on

#: So many times each step is met.
TIMES = 4


def has_ended(child: Child) -> bool:
    return not child.is_running()


class KillTest(FaultCase):
    def kill_at(self, step: Literal["before", "in", "after"], name: str) -> None:
        scene = self.begin(by_link=True, persister={"WRITER_THREADS": "1"})
        tap = CommitTap(step)
        stage().database_link.tap = tap
        self.addCleanup(setattr, stage().database_link, "tap", pass_on)
        for number in range(TIMES):
            with self.fault():
                victim = scene.persisters[-1]
                tap.on_commit(partial(os.kill, victim.pid, signal.SIGKILL))
                self.eventually(partial(has_ended, victim), f"it is killed for the {number + 1}. time")
                victim.kill()
            scene.start_persister()
            self.recover()
        self.settle(name, self.recover())

    def test_the_persister_is_killed_before_its_commit(self) -> None:
        self.kill_at("before", "persister: kill -9 before COMMIT reaches the server, 4 times")

    def test_the_persister_is_killed_in_its_commit(self) -> None:
        self.kill_at("in", "persister: kill -9 in COMMIT, 4 times")

    def test_the_persister_is_killed_after_its_commit(self) -> None:
        self.kill_at("after", "persister: kill -9 after COMMIT, before Kafka's, 4 times")

    def test_the_answer_to_a_commit_is_lost(self) -> None:
        scene = self.begin(by_link=True, persister={"WRITER_THREADS": "1"})
        tap = CommitTap("in")
        stage().database_link.tap = tap
        self.addCleanup(setattr, stage().database_link, "tap", pass_on)
        for number in range(TIMES):
            with self.fault():
                tap.on_commit(lambda: None)
                self.eventually(partial(tap.has_met, number + 1), "the answer is lost")
            self.recover()
        self.assertEqual(len(scene.persisters), 1)
        self.settle("persister: the answer to COMMIT is lost, 4 times", self.recover())


class StopTest(FaultCase):
    def test_the_persister_is_killed_again_and_again(self) -> None:
        scene = self.begin()
        for _ in range(5):
            with self.fault():
                scene.persisters[-1].kill()
            scene.start_persister()
            scene.run_on(3)
        self.settle("persister: kill -9, 5 times at any moment", self.recover())

    def test_the_persister_is_stopped(self) -> None:
        scene = self.begin()
        with self.fault():
            self.assertEqual(scene.persisters[-1].stop(), 0)
        scene.start_persister()
        self.settle("persister: SIGTERM, started again", self.recover())


class SharedTest(FaultCase):
    def test_a_rebalance_during_a_slow_insert(self) -> None:  # G14
        scene = self.begin(persisters=2, persister={"MAX_POLL_SECONDS": "10"})
        with self.fault(), locked(scene.stack, "play_log"):
            scene.run_on(15)
            scene.persisters[0].kill()
            scene.run_on(15)
        scene.start_persister()
        self.settle("two persisters: play_log locked for 30 s, one killed meanwhile", self.recover())
        for child in scene.persisters[1:]:
            self.assertTrue(child.is_running(), scene.log_of(child)[-2000:])

    def test_a_zombie_writes_after_losing_its_partitions(self) -> None:
        scene = self.begin(by_link=True, persister={"WRITER_THREADS": "1"})
        zombie = scene.persisters[0]
        tap = CommitTap("before", may_pass=True)
        stage().database_link.tap = tap
        self.addCleanup(setattr, stage().database_link, "tap", pass_on)
        held, woken = threading.Event(), threading.Event()
        self.addCleanup(woken.set)

        def freeze() -> None:
            """Its COMMIT is on the way, its rows are written and its locks held, until the server gives it up."""
            zombie.pause()
            held.set()
            woken.wait(120)

        with self.fault():
            tap.on_commit(freeze)
            self.eventually(held.is_set, "it is frozen")
            scene.start_persister()
            ends = scene.view.ends(scene.topic, list(range(6)))
            self.eventually(partial(self.is_stored_beyond, ends), "another has stored what the frozen one held", 90)
            zombie.resume()
            woken.set()
        self.settle("a persister frozen in its transaction while another takes over", self.recover())
        self.assertTrue(zombie.is_running(), scene.log_of(zombie)[-2000:])

    def is_stored_beyond(self, ends: dict[int, int]) -> bool:
        """No partition waits for the frozen one's locks any more."""
        topic = self.scene.topic
        places = self.scene.sql(f"SELECT partition_no, next_offset FROM consumer_offset WHERE topic = '{topic}'")
        return all(int(offset) > ends[int(number)] for number, offset in places)

    def test_a_frozen_persister_is_fenced_off(self) -> None:
        scene = self.begin()
        zombie = scene.persisters[0]
        with self.fault():
            zombie.pause()
            second = scene.start_persister()
            scene.wait_for_line(second, "rows stored")
            scene.run_on(3)
            zombie.resume()
            scene.run_on(3)
        self.assertTrue(zombie.is_running(), scene.log_of(zombie)[-2000:])
        self.settle("a persister frozen until another has its partitions, then woken", self.recover())
