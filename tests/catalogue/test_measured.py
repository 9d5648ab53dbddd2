"""What arrives at an agent of the catalogue's way: names, kinds and tags are those of the table."""

import unittest

from common.metrics import METRICS
from tests.catalogue.catalogue_rig import catalogue_rig
from tests.integration.topic_rig import eventually

#: Sent when something goes wrong; the tests of that trouble look at them.
OF_TROUBLE = frozenset(
    {
        "catalogue.not_publishable",
        "catalogue.publish_retries",
        "catalogue.mismatches",
        "catalogue.retries",
        "catalogue.fenced",
    }
)
WORD, SMALL_NUMBER = r"^[a-z][a-z_-]*$", r"^\d{1,3}$"
#: Tags whose values aren't only lower-case words of ours: numbers, and a database's error by its number.
OTHERS = {"status": SMALL_NUMBER, "partition": SMALL_NUMBER, "reason": r"^([a-z][a-z_-]*|\d{4})$"}


class MeasuredTest(unittest.TestCase):
    def test_what_is_sent_is_in_the_table_and_what_is_in_the_table_is_sent(self) -> None:
        rig = catalogue_rig()
        rig.add_release(4007801)
        rig.does("publish", "--release", "4007801")
        rig.arrived(4007801)
        wanted = {name for name in METRICS if name.startswith("catalogue.")} - OF_TROUBLE
        eventually(lambda: {each.name for each in rig.agent.measured()} >= wanted, f"each of {wanted} is sent")
        for each in rig.agent.measured():
            metric = METRICS[each.name]
            tags = dict(tag.split(":", 1) for tag in each.tags)
            self.assertEqual((each.kind, set(tags)), (metric.kind, set(metric.tags)), each)
            for name, value in tags.items():
                self.assertRegex(value, OTHERS.get(name, WORD), each)
