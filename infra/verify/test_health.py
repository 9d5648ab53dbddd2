"""The host looks after itself every five minutes, and finds itself well."""

from infra.promises.health import PROGRAM, WANTED
from infra.verify.case import HostCase


class HealthTest(HostCase):
    def test_the_timer_runs(self) -> None:
        timer = self.host.service("playlog-health.timer")
        self.assertTrue(timer.is_enabled and timer.is_running)

    def test_it_looks_at_every_job_and_every_process_of_the_roles(self) -> None:
        said = self.host.file(WANTED).content_string
        for word in self.site.words:
            self.assertIn(f'"{word.unit or word.name}"', said)

    def test_the_host_is_well(self) -> None:
        self.assertTrue(self.host.file(PROGRAM).exists, f"{PROGRAM} is not there")
        running = {word.unit for word in self.site.units if self.host.service(word.unit).is_running}

        def look() -> str:
            done = self.host.run(PROGRAM)
            said = str(done.stdout or done.stderr)
            if done.rc and not {line.partition(":")[0] for line in said.splitlines()} <= running:
                # Nothing that a process which has just been started would mend by and by.
                self.fail(said)
            return said if done.rc else ""

        self.becomes_true(look)
