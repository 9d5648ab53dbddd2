"""The clock is kept right."""

import unittest

from infra.verify.case import HostCase


class ClockTest(HostCase):
    def test_the_service_is_started_at_each_boot(self) -> None:
        self.assertTrue(self.host.service("systemd-timesyncd").is_enabled)

    def test_the_clock_is_synchronised(self) -> None:
        if self.host.run("systemd-detect-virt --container").rc == 0:
            raise unittest.SkipTest("a container's clock is that of the machine which it runs on")
        self.assertEqual(self.out("timedatectl show -p NTPSynchronized --value"), "yes")
