"""The release is whole, is what requirements.lock pins, and is root's alone to change."""

import json
import re

from infra.verify.case import HostCase
from infra.wheels import ROOT


class ReleaseTest(HostCase):
    def test_each_of_its_files_is_as_it_was_installed(self) -> None:
        self.out(f"cd {self.site.release_folder} && sha256sum --check --quiet --strict .whole")

    def test_what_is_installed_is_what_the_lock_file_pins(self) -> None:
        if self.site.archive is None:
            self.skipTest("it is a former release, and its lock file isn't here")
        listed = json.loads(self.out(f"{self.site.release_folder}/bin/pip --no-input list --format json 2>/dev/null"))
        there = {re.sub(r"[-_.]+", "-", each["name"]).lower(): each["version"] for each in listed}
        for line in (ROOT / "requirements.lock").read_text().splitlines():
            pinned = re.match(r"([a-z0-9-]+)==([^ ;\\]+)([^\\]*)", line)
            if pinned and pinned[1] in there:
                self.assertEqual((pinned[1], there[pinned[1]]), (pinned[1], pinned[2]))
            elif pinned:
                # Only what another system needs may be missing.
                self.assertIn(";", pinned[3], f"{pinned[1]} is not installed")
        self.assertIn("playlog", there)

    def test_root_alone_can_change_it(self) -> None:
        folder = self.site.release_folder
        self.assertEqual(self.out(f"find {folder} ! -user root -o -perm /o+w ! -type l | head -3"), "")

    def test_its_users_can_run_it(self) -> None:
        for user in self.site.users:
            self.assertIn("words:", self.out(self.as_user(user, f"{self.site.release_folder}/bin/playlog --help")))
