"""The next start stops what an earlier one left running, and nothing else."""

import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from devstack.leftovers import PidRecord, Seen, is_ours, read_records, see, stop_leftovers
from devstack.process import Child

SECONDS = 20.0
HOME = Path("/srv/somebody/playlog/.local")
RECORD = PidRecord(pid=4711, start_time=99, home=str(HOME))


class LeftoverDecision(unittest.TestCase):
    def test_a_process_with_our_folder_on_its_command_line_is_ours(self) -> None:
        self.assertTrue(is_ours(RECORD, Seen(99, f"mariadbd\0--datadir={HOME}/data", ""), HOME))

    def test_a_process_with_our_folder_in_its_environment_is_ours(self) -> None:
        self.assertTrue(is_ours(RECORD, Seen(99, "python", f"A=1\0PLAYLOG_STACK_HOME={HOME}\0"), HOME))

    def test_a_later_process_with_the_same_number_is_not_ours(self) -> None:
        self.assertFalse(is_ours(RECORD, Seen(100, f"mariadbd\0--datadir={HOME}/data", ""), HOME))

    def test_a_process_of_another_folder_is_not_ours(self) -> None:
        self.assertFalse(is_ours(RECORD, Seen(99, "mariadbd\0--datadir=/var/lib/mysql", "PATH=/bin"), HOME))

    def test_a_record_that_was_copied_from_another_clone_is_not_ours(self) -> None:
        record = PidRecord(pid=4711, start_time=99, home="/srv/somebody/elsewhere/.local")
        self.assertFalse(is_ours(record, Seen(99, f"mariadbd\0--datadir={HOME}/data", ""), HOME))

    def test_a_process_that_is_gone_is_not_ours(self) -> None:
        self.assertFalse(is_ours(RECORD, None, HOME))


class Leftovers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)

    def test_a_running_process_of_this_home_is_stopped_and_named(self) -> None:
        child = Child("sleeper", self.home)
        child.launch(["sleep", "60"], {"PATH": "/usr/bin:/bin"})
        self.addCleanup(child.kill)
        # While a process becomes another program, the kernel shows neither its command nor its environment.
        while (seen := see(child.pid)) is None or not seen.command.startswith("sleep"):
            self.assertTrue(child.is_running())
        self.assertEqual(stop_leftovers(self.home / "run", self.home), ["sleeper"])
        self.assertFalse(child.is_running())

    def test_a_process_that_nobody_of_us_started_lives_on(self) -> None:
        stranger = subprocess.Popen(["sleep", "60"])
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        seen = see(stranger.pid)
        assert seen is not None
        PidRecord(stranger.pid, seen.start_time, str(self.home)).save(self.home / "run" / "stranger.pid")
        self.assertEqual(stop_leftovers(self.home / "run", self.home), [])
        self.assertIsNone(stranger.poll())
        self.assertEqual(list(read_records(self.home / "run")), [])

    def test_a_pid_file_that_was_cut_off_is_passed_over(self) -> None:
        (self.home / "run").mkdir()
        (self.home / "run" / "half.pid").write_text('{"pid": 47')
        with self.assertLogs("devstack.leftovers", "WARNING"):
            self.assertEqual(stop_leftovers(self.home / "run", self.home), [])


class Children(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it didn't happen in time")

    def child(self, program: str) -> Child:
        child = Child("part", self.home)
        child.launch([sys.executable, "-c", program], {})
        self.addCleanup(child.kill)
        return child

    def test_the_log_holds_what_the_process_says(self) -> None:
        child = self.child("print('hello')")
        self.assertEqual(child.wait(SECONDS), 0)
        self.assertEqual(child.log_tail(), "hello")

    def test_a_process_that_ends_by_itself_has_died(self) -> None:
        child = self.child("raise SystemExit(3)")
        self.assertEqual(child.wait(SECONDS), 3)
        self.assertTrue(child.died)
        self.assertRegex(str(child.failure("gone")), "part: gone; its log is .*part.log")

    def test_a_process_that_we_killed_has_not_died(self) -> None:
        child = self.child("import time; time.sleep(60)")
        child.kill()
        self.assertFalse(child.is_running())
        self.assertFalse(child.died)

    def test_a_process_that_hears_no_signal_is_killed_after_its_time(self) -> None:
        child = self.child(
            "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
        )
        self.wait_for(lambda: "deaf" in child.log_tail())
        child.stop(seconds=0.2)
        self.assertEqual(child.status(), -9)

    def test_children_die_with_the_process_that_started_them(self) -> None:
        program = (
            "from pathlib import Path; from devstack.process import Child; import os, time\n"
            f"child = Child('orphan', Path({str(self.home)!r}))\n"
            "child.launch(['sleep', '60'], {'PATH': '/usr/bin:/bin'}); print(child.pid, flush=True)\n"
            # Before that it hasn't asked the kernel for anything yet; the next start finds such a one by its pid file.
            "while not Path(f'/proc/{child.pid}/cmdline').read_bytes().startswith(b'sleep'): time.sleep(0.01)\n"
            "os._exit(0)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
        pid = int(done.stdout)
        self.wait_for(lambda: see(pid) is None)
