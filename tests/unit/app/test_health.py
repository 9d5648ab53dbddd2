"""/health, /ready and /1.2/status."""

from xml.etree import ElementTree

from tests.unit.app.bench import KEY, AppCase


class HealthTest(AppCase):
    def ready(self) -> tuple[int, list[str]]:
        reply = self.http.get("/ready")
        body = reply.get_json()
        self.assertEqual(body["ready"], reply.status_code == 200)
        return reply.status_code, body["reasons"]

    def test_it_is_alive_whatever_is_away_and_asks_for_no_key(self) -> None:
        self.topic.problems = ("Kafka can't be reached.",)
        self.drain_file.touch()
        self.assertEqual(self.http.get("/health").status_code, 200)

    def test_it_is_ready_when_nothing_is_missing(self) -> None:
        self.assertEqual(self.ready(), (200, []))

    def test_it_is_not_ready_while_it_stops(self) -> None:
        self.drain_file.touch()
        self.assertEqual(self.ready()[0], 503)
        self.assertEqual(self.post_logs(self.log()).status_code, 200)

    def test_it_is_not_ready_when_the_topic_has_problems_and_names_them(self) -> None:
        self.topic.problems = ("Kafka can't be reached.", "Topic x: set y.")
        self.assertEqual(self.ready(), (503, ["Kafka can't be reached.", "Topic x: set y."]))

    def test_it_is_not_ready_while_records_are_refused_at_once(self) -> None:
        self.publisher.problems = ("Kafka doesn't acknowledge records.",)
        self.assertEqual(self.ready(), (503, ["Kafka doesn't acknowledge records."]))

    def test_it_is_not_ready_without_a_list_of_clients_and_ready_with_an_old_one(self) -> None:
        self.clock.turn(3_600)
        self.assertEqual(self.ready()[0], 200)
        self.clients._list = None
        self.assertEqual(self.ready()[0], 503)

    def test_all_reasons_are_given_at_once(self) -> None:
        self.drain_file.touch()
        self.clients._list = None
        self.topic.problems = ("Kafka can't be reached.",)
        self.assertEqual(len(self.ready()[1]), 3)

    def test_questions_after_health_are_not_measured(self) -> None:
        self.http.get("/health")
        self.http.get("/ready")
        self.assertEqual(self.metrics.total("http.requests"), 0)


class StatusTest(AppCase):
    def test_it_is_xml_unless_json_is_asked_for(self) -> None:
        reply = self.http.get(f"/1.2/status?oauth_consumer_key={KEY}")
        response = ElementTree.fromstring(reply.data)  # noqa: S314 - our own reply
        self.assertEqual((response.get("status"), response.get("version")), ("ok", "1.2"))
        self.assertEqual(response.findtext("serviceStatus/serverTime"), "2026-03-10T12:00:00Z")
        self.assertTrue(reply.content_type.startswith("application/xml"))

    def test_it_is_json_when_asked_for(self) -> None:
        reply = self.http.get(f"/1.2/status?oauth_consumer_key={KEY}", headers={"Accept": "application/json"})
        self.assertEqual(reply.get_json()["serviceStatus"], {"serverTime": "2026-03-10T12:00:00Z"})

    def test_it_needs_a_key(self) -> None:
        self.assertEqual(self.http.get("/1.2/status").status_code, 401)
