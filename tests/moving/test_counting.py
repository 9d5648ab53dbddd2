"""A moved request is counted once, a compared one too; who may ask stays the same; and the log says who answered."""

import requests

from devstack.mariadb_settings import REGION
from moving.plan import Move
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.moving_rig import SECONDS
from tests.moving.operator_words import DETAILS

WHOLE = Move(1, DETAILS)


class CountingTest(MovingCase):
    def used(self, name: str) -> int:
        sql = f"SELECT used FROM client_usage WHERE client = '{name}' AND day = UTC_DATE()"
        return int(self.rig.stack.mariadb.execute(sql, REGION).strip() or 0)

    def test_each_request_is_counted_once_moved_and_compared_or_not(self) -> None:
        key = self.rig.keys["counted"]
        tracks = self.rig.tracks[:10]
        self.rig.put(shadow=100)
        self.rig.origins(tracks, key)
        # Not at all and in part, so that nginx asks; and whole, so that the app does, but for what is compared.
        for moved, shadow in ((Move(1, DETAILS, "counted"), 100.0), (WHOLE, 100.0), (WHOLE, 0.0)):
            self.rig.put(moved, shadow=shadow)
            self.rig.origins(tracks, key)
        self.rig.compared(30)
        eventually(lambda: self.used("counted") == 40, "forty are counted", 10)
        reply = self.rig.get(tracks[0], key)
        self.assertEqual((reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Current"]), ("1000", "41"))

    def test_what_ours_fails_is_given_back_and_the_log_does_not_say_that_it_was_counted(self) -> None:
        key, track = self.rig.keys["refunded"], self.rig.tracks[-1]
        self.rig.put(Move(1, DETAILS, "refunded"))
        where = f"WHERE release_id = (SELECT MAX(release_id) FROM catalogue_track WHERE track_id = {track})"
        document = self.rig.region(f"SELECT HEX(document) FROM catalogue_release {where}").strip()
        self.rig.region(f"UPDATE catalogue_release SET document = 'damaged' {where}")
        try:
            failed = self.rig.get(track, key)
        finally:
            self.rig.region(f"UPDATE catalogue_release SET document = UNHEX('{document}') {where}")
        self.assertEqual((failed.status_code, failed.headers["X-RateLimit-Current"]), (500, "0"))
        line = self.rig.wait_for_log(failed.headers["X-Request-Id"])
        self.assertEqual((line["client"], line["charged_on"], line["origin"]), ("refunded", "", "app"))
        answered = self.rig.get(self.rig.tracks[0], key)
        line = self.rig.wait_for_log(answered.headers["X-Request-Id"])
        self.assertEqual((line["client"], bool(line["charged_on"])), ("refunded", True))
        eventually(lambda: self.used("refunded") == 1, "one is counted", 10)

    def test_who_may_ask_is_the_same_on_both_sides(self) -> None:
        key = self.rig.keys["tracks-only"]
        nobody = self.rig.keys["logs-only"]
        for moves in ((), (WHOLE,)):
            self.rig.put(*moves, shadow=0)
            self.assertEqual(self.rig.get(self.rig.tracks[0], key).status_code, 200)
            self.assertEqual(self.rig.get(self.rig.tracks[0], nobody).status_code, 403)
            self.assertEqual(self.rig.get(self.rig.tracks[0], "unknown").status_code, 401)

    def test_a_used_up_day_is_429_on_both_sides(self) -> None:
        key = self.rig.keys["small"]
        self.rig.put()
        self.assertEqual([self.rig.get(self.rig.tracks[0], key).status_code for _ in range(3)], [200, 200, 429])
        self.rig.put(Move(1, DETAILS, "small"))
        reply = self.rig.get(self.rig.tracks[0], key)
        self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (429, "2"))

    def test_the_log_names_who_answered_and_a_refused_request_went_nowhere(self) -> None:
        track = self.rig.tracks[0]
        self.rig.put()
        self.rig.get(track)
        self.rig.put(Move(1, DETAILS, "acme"))
        self.rig.get(track)
        self.rig.get(track, "unknown")
        requests.get(f"{self.rig.url}/1.2/limits?oauth_consumer_key={self.rig.key}", timeout=SECONDS)

        def last() -> list[tuple[str, str, str]]:
            return [(line["path"], line["status"], line["origin"]) for line in self.rig.access_log()[-4:]]

        wanted = [(DETAILS, "200", "legacy"), (DETAILS, "200", "app"), (DETAILS, "401", ""), ("/1.2/limits", "200", "")]
        eventually(lambda: last() == wanted, f"the log's end is {wanted}", 5)

    def test_without_the_app_moved_urls_fail_cost_nothing_and_go_back_by_themselves(self) -> None:
        key = self.rig.keys["patient"]
        self.rig.put(Move(1, DETAILS, "patient"))
        self.rig.get(self.rig.tracks[0], key)
        # Whole, so that nginx doesn't ask the app first.
        self.rig.put(Move(31, DETAILS), Move(32, "/1.2/release/tracks"), shadow=0)
        self.rig.stack.app.kill()
        self.addCleanup(self._restart)
        statuses = {self.rig.get(track, key).status_code for track in self.rig.tracks[:6]}
        # 503 would say that nginx had asked.
        self.assertEqual(statuses, {502})
        eventually(lambda: [move["number"] for move in self.rig.plan()["moves"]] == [32], "it is taken back", 20)
        newest = self.rig.history()[0]
        self.assertEqual((newest["action"], newest["operator"]), ("step-back", "comparator"))
        # Five are enough, and the sixth may come before the comparator looks, or after.
        self.assertRegex(newest["reason"], r"^([56]) of about \1 requests failed within 60 s$")
        # Nobody can be let in without it.
        eventually(lambda: self.rig.get(self.rig.tracks[0], key).status_code == 503, "nginx has it", 5)
        self._restart()
        self.assertEqual(self.rig.origin(self.rig.tracks[0], key), "legacy")
        eventually(lambda: self.used("patient") == 2, "two are counted", 10)

    def _restart(self) -> None:
        if not self.rig.stack.app.child.is_running():
            self.rig.stack.app.restart()
