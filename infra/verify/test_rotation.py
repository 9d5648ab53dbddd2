"""The jobs' logs are rotated."""

from infra.promises.rotation import FILE
from infra.verify.case import HostCase


class RotationTest(HostCase):
    def test_logrotate_takes_each_users_logs_as_that_user(self) -> None:
        said = self.out(f"logrotate --debug {FILE} 2>&1")
        for user in self.site.users:
            self.assertIn(f"/var/log/{user}/*.log", said)
        self.assertNotRegex(said, "(?im)^error")

    def test_its_timer_runs_and_has_a_next_time(self) -> None:
        timer = self.host.service("logrotate.timer")
        self.assertTrue(timer.is_enabled and timer.is_running)
        self.assertNotEqual(self.out("systemctl show -p NextElapseUSecRealtime --value logrotate.timer"), "")
