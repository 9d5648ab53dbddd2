"""Each client's folder: its own rows and figures, readable to its group, and nothing of anybody else."""

import json
import os
import stat
from typing import Any

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

FILE = "usage.acme.csv.gz"


class Delivery(ReportCase):
    def setUp(self) -> None:
        super().setUp()
        before = os.umask(0o077)
        self.addCleanup(os.umask, before)
        self.day.cut(0, days_later(-1), 0, "start")
        requests = Request(on_the_day(9), [Log(user_agent="of acme")]), Request(on_the_day(10), client="bolt/../x")
        end = self.day.put(0, 0, *requests, Request(on_the_day(11), client="smoke", is_test=True))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)
        self.acme = self.root / "clients" / "acme" / DAY.isoformat()

    def own(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.acme / "manifest.json").read_bytes())
        return found

    def test_it_has_the_same_usage_file_and_the_clients_own_manifest(self) -> None:
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(sorted(path.name for path in self.acme.iterdir()), ["_SUCCESS", "manifest.json", FILE])
        self.assertEqual((self.acme / FILE).read_bytes(), self.bytes_of()[FILE])
        own, whole = self.own(), self.manifest()
        self.assertEqual(own["files"], {FILE: whole["files"][FILE]})
        self.assertEqual([each["client"] for each in own["totals"]], ["acme"])
        self.assertEqual((own["state"], own["revision"]), ("final", 1))
        self.assertEqual(own["proof"]["balance"], whole["proof"]["balance"])
        self.assertNotIn("bolt", json.dumps(own))

    def test_each_client_with_a_file_has_one_and_a_name_leads_nowhere(self) -> None:
        self.report()
        found = sorted(path.name for path in (self.root / "clients").iterdir())
        self.assertEqual(found, ["acme", "bolt%2F..%2Fx"])

    def test_it_is_readable_to_its_group_whatever_the_umask(self) -> None:
        self.report()
        for path, mode in ((self.acme, 0o2750), (self.acme.parent, 0o2750), (self.acme / FILE, 0o640)):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode, path)
        for path in self.acme.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640, path)

    def test_the_group_of_a_clients_folder_is_that_of_what_is_put_into_it(self) -> None:
        group = next((each for each in os.getgroups() if each != os.getegid()), None)
        if os.geteuid() == 0:
            group = 12_345
        if group is None:
            self.skipTest("this user has one group alone")
        folder = self.acme.parent
        folder.mkdir(parents=True)
        os.chown(folder, -1, group)
        folder.chmod(0o2750)
        self.report()
        self.assertEqual({path.stat().st_gid for path in (self.acme, *self.acme.iterdir())}, {group})

    def test_what_is_cut_off_or_lost_is_made_good_by_the_next_run(self) -> None:
        self.report()
        good = {path.name: path.read_bytes() for path in self.acme.iterdir()}
        for name in good:
            (self.acme / name).unlink()
            (self.acme / f"{FILE}.making").write_bytes(b"half")
            self.assertEqual(self.report(), 0, self.err.getvalue())
            for each, data in good.items():
                self.assertEqual((self.acme / each).read_bytes(), data, (name, each))
