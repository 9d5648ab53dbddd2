"""Days with records that were declared lost, or whose topic was made again."""

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import DayWriter, Request
from tests.integration.report_schema import DAY

BEFORE, AFTER = days_later(-1), days_later(1)


class Losses(ReportCase):
    def test_a_declared_gap_makes_the_day_final_with_loss(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.day.lose(0, 1, 51, on_the_day(15), "retention was too short")
        self.day.put(0, 51, Request(on_the_day(16)))
        self.day.cut(0, DAY, 52)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        manifest = self.manifest()
        self.assertEqual(manifest["state"], "final-with-loss")
        loss = manifest["proof"]["losses"][0]
        self.assertEqual((loss["from_offset"], loss["to_offset"], loss["records"]), (1, 51, 50))
        self.assertEqual((loss["reason"], loss["operator"]), ("retention was too short", "ada"))
        balance = manifest["proof"]["balance"]
        self.assertEqual(balance, {"records": 52, "request_rows": 2, "lost": 50, "difference": 0})
        self.assertEqual(self.recorded(), [(DAY, 1, "final-with-loss", 2)])
        self.assertIn("lost: 50 records from offset 1 of partition 0", self.out.getvalue())

    def test_an_adopted_topic_closes_the_old_books_and_the_loss_is_said(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(9)))
        self.day.lose(0, 1, None, on_the_day(12), "made again")
        self.day.cut(0, DAY, 1, "adopted")
        new = DayWriter(self.connection, "BBBBBBBBBBBBBBBBBBBBBB")
        new.cut(0, BEFORE, 0, "start")
        new.put(0, 0, Request(on_the_day(13)), Request(on_the_day(14)))
        new.cut(0, DAY, 2, "quiet")
        new.cut(0, AFTER, 2, "quiet")
        self.kafka = self.kafka_with(2, topic_id="BBBBBBBBBBBBBBBBBBBBBB")
        self.clock.turn(86_400)
        self.assertEqual(self.report(), 0, self.out.getvalue())
        manifest = self.manifest()
        self.assertEqual(manifest["state"], "final-with-loss")
        self.assertEqual([each["cut"] for each in manifest["proof"]["partitions"]], ["adopted", "quiet"])
        self.assertEqual(len(self.usage()), 3)
        self.assertIn("lost: an unknown number of records from offset 1", self.out.getvalue())
        self.assertEqual(self.report(AFTER), 0, self.out.getvalue())
        after = self.manifest(AFTER.isoformat())
        self.assertEqual((after["state"], len(after["proof"]["partitions"])), ("final", 1))

    def test_a_topic_made_again_and_not_adopted_is_provisional(self) -> None:
        self.day.quiet(0, DAY)
        self.kafka = self.kafka_with(0, topic_id="BBBBBBBBBBBBBBBBBBBBBB")
        self.assertEqual(self.report(), 75)
        self.assertIn("the topic was made again", self.out.getvalue())
