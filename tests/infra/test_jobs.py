"""What cron does on a converged host, its clock wound forward: behaviour, where infra/verify looks at state (G19)."""

import json
import time

from infra.site import file_text
from infra.testhost.host import TestHost
from tests.infra.infra_case import InfraCase
from tests.infra.wound import LONDON, meanwhile
from tests.infra.yesterday import LOGS


class JobsTest(InfraCase):
    def test_the_first_firing_after_five_past_midnight_makes_the_report_of_yesterday(self) -> None:
        found = meanwhile(self.rig).report.result()
        self.assertTrue(found.has_fired, "the job did not fire")
        self.assertIn("playlog report --until-final: ended with status 0", found.log)
        manifest = json.loads(found.manifest)
        self.assertEqual((manifest["state"], manifest["totals"][0]["stored"]), ("final", LOGS))
        self.assertEqual(found.owners, ["playlog", "playlog"])

    def test_the_night_after_the_clocks_changed_is_as_any_other_and_a_wrongly_set_host_fails(self) -> None:
        self.assertEqual(meanwhile(self.rig).utc.result(), [True])
        self.assertEqual(meanwhile(self.rig).london.result(), [False])

    def test_a_job_does_not_run_beside_itself_and_says_so(self) -> None:
        with self.rig.host("lock", self.rig.green()) as host:
            job = "runuser -u playlog -- playlog-job report --until-final"
            hold = "exec 8>/var/lib/playlog/report.lock; flock 8"
            done = host.inside("bash", "-c", f"{hold}; {job} 8>&-; echo $?")
            self.assertEqual(done.stdout.split(), ["75"])
            self.assertIn("a run is under way already", (host.root / "var/log/playlog/report.log").read_text())
            self.writes_the_page(host)

    def writes_the_page(self, host: TestHost) -> None:
        """Cron's own line for the operator's page, as cron runs it."""
        (line,) = [line for line in file_text("crontab").splitlines() if " status " in line]
        page = host.root / "var/lib/playlog/reports/status.html"
        page.unlink(missing_ok=True)
        done = host.inside("runuser", "-u", "playlog", "--", *line.split()[6:])
        self.assertEqual(done.returncode, 0, (host.root / "var/log/playlog/status.log").read_text())
        text = page.read_text()
        for part in ("persisters", "job report", "job ledger"):
            self.assertIn(f"<td>{part}</td>", text)
        self.assertEqual(page.stat().st_mode & 0o777, 0o640)

    def test_logs_are_rotated_and_written_on(self) -> None:
        with self.rig.host("rotate", self.rig.green()) as host:
            job = "runuser -u playlog -- playlog-job ledger"
            # Cron's own run at this very moment would count too.
            host.inside("sh", "-c", f"systemctl stop cron; rm -f /var/log/playlog/ledger.log; {job}")
            for _ in range(2):
                rotated = host.inside("logrotate", "--force", "/etc/logrotate.d/playlog")
                self.assertEqual((rotated.returncode, rotated.stderr), (0, ""))
                host.inside("sh", "-c", job)
            found = host.inside("sh", "-c", "cd /var/log/playlog; stat -c '%n %U' ledger.log*").stdout.splitlines()
            self.assertEqual(found, [f"ledger.log{each} playlog" for each in ("", ".1", ".2.gz")])

    def test_a_host_that_is_unwell_says_so(self) -> None:
        with self.rig.host("unwell", self.rig.green()) as host:
            failed = f"echo '1 {int(time.time())}' >/var/lib/playlog/report.ended"
            host.inside("systemctl", "stop", "cron", "playlog-consumer")
            host.inside("sh", "-c", f"{failed}; ln -sfn {LONDON} /etc/localtime")
            done = host.inside("playlog-health")
            said = [line.partition(": ")[0] for line in done.stdout.splitlines()]
            self.assertEqual((done.returncode, said), (1, ["zone", "job report", "playlog-consumer.service"]))
            host.inside("systemctl", "start", "playlog-health")
            self.assertEqual(host.inside("systemctl", "is-failed", "playlog-health").stdout.strip(), "failed")
