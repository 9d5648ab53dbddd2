"""Folders with their owner and mode, and what follows from them."""

from infra.promises.folders import wanted
from infra.verify.case import HostCase
from infra.words import HOMES, RELEASES, SETTINGS


class FoldersTest(HostCase):
    def test_each_has_its_owner_and_its_mode(self) -> None:
        for path, owner, mode in wanted(self.site):
            self.is_owned(path, owner, int(mode, 8))
            self.assertTrue(self.host.file(path).is_directory)

    def test_no_user_can_change_code_or_settings(self) -> None:
        for user in self.site.users:
            for folder in (RELEASES, SETTINGS):
                self.refuses(user, f"touch {folder}/x")

    def test_each_can_write_its_home_and_its_logs_and_nobody_elses(self) -> None:
        for user in self.site.users:
            for folder in (HOMES[user], f"/var/log/{user}"):
                self.out(self.as_user(user, f"test -w {folder}"))
                self.refuses("nobody", f"ls {folder}")
