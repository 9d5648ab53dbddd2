"""The long silence of the link."""

from tests.faults.fault_link import LinkCase


class LongCutTest(LinkCase):
    def test_the_link_is_cut_for_ten_minutes(self) -> None:
        self.cut(600, "the data centre's link: silent for 10 minutes, in mid-transaction")
