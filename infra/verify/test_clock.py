"""The clock is kept right."""

import unittest

from infra.promises.clock import AS_GOOD
from infra.verify.case import HostCase


class ClockTest(HostCase):
    def test_the_service_is_started_at_each_boot(self) -> None:
        services = [self.host.service(name) for name in ("systemd-timesyncd", *AS_GOOD)]
        self.assertTrue(any(service.is_enabled for service in services))

    def test_the_clock_is_synchronised(self) -> None:
        if self.host.run("systemd-detect-virt --container").rc == 0:
            raise unittest.SkipTest("a container's clock is that of the machine which it runs on")
        self.assertEqual(self.out("timedatectl show -p NTPSynchronized --value"), "yes")
