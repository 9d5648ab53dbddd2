"""The endpoint where a sender asks what became of a request."""

from urllib.parse import quote

from tests.unit.app.bench import KEY, AppCase


class ReceiptEndpointTest(AppCase):
    def ask(self, receipt: str, key: str = KEY) -> tuple[int, dict[str, object], str | None]:
        reply = self.http.get(f"/1.2/logs/receipts/{quote(receipt)}?oauth_consumer_key={key}")
        return reply.status_code, reply.get_json(), reply.headers.get("X-Backlog-Seconds")

    def test_it_is_acknowledged_and_then_consumed(self) -> None:
        receipt = self.post_logs(self.log()).headers["X-Receipt"]
        self.source.appended[0] = [int(self.clock.now().timestamp() * 1000)]
        status, body, backlog = self.ask(receipt)
        self.assertEqual((status, body["state"], body["receipt"], backlog), (200, "acknowledged", receipt, "0"))
        self.clock.turn(31)
        self.assertEqual(self.ask(receipt)[2], "30")
        self.source.group = {0: 1}
        self.clock.turn(6)
        status, body, backlog = self.ask(receipt)
        self.assertEqual((body["state"], backlog), ("consumed", "0"))

    def test_a_forged_one_and_another_clients_are_404(self) -> None:
        receipt = self.post_logs(self.log()).headers["X-Receipt"]
        self.assertEqual(self.ask(receipt[:-1] + ("A" if receipt[-1] != "A" else "B"))[0], 404)
        self.assertEqual(self.ask(receipt, "k3y-of-other")[0], 404)
        self.assertEqual(self.ask("x")[0], 404)
        self.assertEqual(self.ask(receipt, "nobody")[0], 401)

    def test_one_without_a_topic_says_that_it_can_not_be_looked_up(self) -> None:
        self.publisher.topic_id = ""
        status, body, _ = self.ask(self.post_logs(self.log()).headers["X-Receipt"])
        self.assertEqual((status, body["state"]), (200, "acknowledged"))
        self.assertIn("remark", body)

    def test_while_kafka_is_away_it_is_503(self) -> None:
        receipt = self.post_logs(self.log()).headers["X-Receipt"]
        self.source.failure = -185
        self.assertEqual(self.ask(receipt)[0], 503)
        self.source.failure = None
        self.topic.facts = None
        self.assertEqual(self.ask(receipt)[0], 503)

    def test_when_only_the_backlog_can_not_be_told_the_state_is(self) -> None:
        receipt = self.post_logs(self.log()).headers["X-Receipt"]
        self.source.silent = {"ends"}
        status, body, backlog = self.ask(receipt)
        self.assertEqual((status, body["state"], backlog), (200, "acknowledged", None))
