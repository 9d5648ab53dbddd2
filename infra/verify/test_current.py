"""The release that runs is the wanted one, and old ones don't fill the disk."""

from infra.promises.current import OTHERS
from infra.verify.case import HostCase
from infra.words import CURRENT, RELEASES


class CurrentTest(HostCase):
    def test_it_is_the_wanted_release(self) -> None:
        self.assertEqual(self.out(f"readlink -f {CURRENT}"), self.site.release_folder)

    def test_only_a_few_releases_are_kept(self) -> None:
        self.assertLessEqual(len(self.out(f"ls -d {RELEASES}/*/").split()), OTHERS + 2)

    def test_its_users_run_it_by_the_link(self) -> None:
        for user in self.site.users:
            self.assertIn("words:", self.out(self.as_user(user, f"{CURRENT}/bin/playlog --help")))
