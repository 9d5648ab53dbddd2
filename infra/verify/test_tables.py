"""The data centre's tables are those of the release."""

from infra.verify.case import HostCase
from infra.words import HOMES, MIGRATE_USER


class TablesTest(HostCase):
    def test_they_were_made_by_the_release(self) -> None:
        if "reports" not in self.site.roles:
            self.skipTest("the reports' host makes the tables")
        self.assertTrue(self.host.file(f"{HOMES[MIGRATE_USER]}/migrated-{self.site.release}").exists)
