"""The processes run as their user, with the present release and settings, and are started again whatever ends them."""

from infra.promises.units import MARK, applied
from infra.site import file_text
from infra.verify.case import HostCase
from infra.words import CURRENT, WORDS, Word

#: `playlog consume` finishes the batches under way within so long.
DRAIN_SECONDS = 5


class UnitsTest(HostCase):
    def shown(self, word: Word, name: str) -> str:
        return self.out(f"systemctl show -p {name} --value {word.unit}")

    def test_each_runs_and_is_started_at_each_boot(self) -> None:
        for word in self.site.units:
            unit = self.host.service(word.unit)
            self.assertTrue(unit.is_running and unit.is_enabled, word.unit)

    def test_each_is_ready(self) -> None:
        for word in self.site.units:
            self.assertTrue(self.host.service(word.unit).is_running, f"{word.unit} does not run")
            ask = f"python3 -c \"import urllib.request as u; u.urlopen('{self.site.probe(word)}')\""

            def look(ask: str = ask, word: Word = word) -> str:
                done = self.host.run(ask)
                return "" if done.rc == 0 else f"{word.unit} is not ready: {done.stderr.strip().splitlines()[-1:]}"

            self.becomes_true(look)

    def test_each_is_started_again_however_often_it_ends(self) -> None:
        for word in self.site.units:
            self.assertEqual(self.shown(word, "Restart"), "always")
            self.assertEqual(self.shown(word, "StartLimitIntervalUSec"), "0")

    def test_each_may_finish_its_batches_before_it_is_killed(self) -> None:
        for word in self.site.units:
            span = self.shown(word, "TimeoutStopUSec")
            seconds = self.out(f"systemd-analyze timespan '{span}' | awk '/μs/ {{print $2}}'")
            self.assertGreater(int(seconds), 2 * DRAIN_SECONDS * 1_000_000)

    def test_each_runs_as_its_user_what_the_files_say(self) -> None:
        for word in self.site.units:
            pid = self.shown(word, "MainPID")
            self.assertEqual(self.out(f"stat -c %U /proc/{pid}"), word.user)
            mark = f"{MARK}={applied(self.site, word, file_text(word.unit))}"
            self.assertIn(mark, self.out(f"tr '\\0' '\\n' </proc/{pid}/environ").splitlines())
            self.assertIn(CURRENT, self.out(f"tr '\\0' ' ' </proc/{pid}/cmdline"))

    def test_a_host_runs_no_other_roles_processes(self) -> None:
        for word in WORDS:
            if word.unit and word not in self.site.units:
                self.assertFalse(self.host.file(f"/etc/systemd/system/{word.unit}").exists, word.unit)
