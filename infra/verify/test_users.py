"""The users are there, and nobody can log in as one of them."""

from infra.verify.case import HostCase
from infra.words import HOMES

LEAST_ORDINARY_UID = 1000


class UsersTest(HostCase):
    def test_each_is_a_system_user_with_its_home_and_a_group_of_its_own(self) -> None:
        for name in self.site.users:
            user = self.host.user(name)
            self.assertTrue(user.exists, f"{name} is not there")
            self.assertEqual((user.home, user.groups), (HOMES[name], [name]))
            self.assertLess(user.uid, LEAST_ORDINARY_UID)

    def test_none_can_log_in(self) -> None:
        for name in self.site.users:
            self.assertEqual(self.host.user(name).shell, "/usr/sbin/nologin")
            self.assertEqual(self.out(f"passwd -S {name}").split()[1], "L")
