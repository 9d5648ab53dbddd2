"""Debian's packages are there, and Python is one that Playlog runs on."""

from infra.promises.packages import PACKAGES
from infra.verify.case import HostCase


class PackagesTest(HostCase):
    def test_each_is_installed(self) -> None:
        missing = [name for name in PACKAGES if not self.host.package(name).is_installed]
        self.assertEqual(missing, [])

    def test_none_is_left_half_way(self) -> None:
        self.assertEqual(self.out("dpkg --audit"), "")

    def test_python_is_new_enough(self) -> None:
        self.out("/usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'")
