"""A verdict that nginx hands on: nobody decides twice, nobody else can make one, and it is about one request."""

import base64

from werkzeug.test import TestResponse

from app.gateway.decision import Caller, Decision
from app.gateway.keys import hash_key
from app.gateway.verdicts import BELIEVED_SECONDS, Verdicts
from tests.fakes.releases import document
from tests.unit.app.bench import KEY, SECRET, live_key
from tests.unit.app.gateway_case import GatewayCase

DETAILS = "/1.2/track/details?trackid=100&country=GB"


class VerdictsTest(GatewayCase):
    def setUp(self) -> None:
        super().setUp()
        self.allow(**{"legacy.track": False})
        self.albums.put(document())

    def authorise(self, target: str = f"{DETAILS}&oauth_consumer_key={KEY}") -> str:
        asked = self.http.get("/gateway/authorise", headers={"X-Original-URI": target, "X-Original-Method": "GET"})
        self.assertEqual(asked.status_code, 200)
        return asked.headers["X-Gw-Verdict"]

    def ask(self, verdict: str, target: str = f"{DETAILS}&oauth_consumer_key={KEY}", **headers: str) -> TestResponse:
        given = {"X-Gw-Verdict": verdict} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.get(target, headers=given, environ_overrides={"RAW_URI": target})

    def test_a_request_is_counted_once_by_nginx_and_its_answer_says_how_it_stands(self) -> None:
        reply = self.ask(self.authorise())
        self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (200, "1"))
        self.assertEqual(reply.headers["X-Gw-Client"], "acme")
        self.assertEqual(self.used(), 1)

    def test_flask_believes_it_as_what_stands_before_flask_does(self) -> None:
        reply = self.ask(self.authorise(), Accept="application/xml;q=0.9")
        self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (200, "1"))
        self.assertEqual(self.used(), 1)

    def test_our_own_5xx_is_given_back_once(self) -> None:
        verdict = self.authorise()
        self.albums.is_away = True
        reply = self.ask(verdict)
        self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (503, "0"))
        self.assertEqual(self.used(), 0)

    def test_a_comparison_counts_nothing_and_gives_nothing_back(self) -> None:
        verdict = self.authorise()
        self.assertEqual(self.ask(verdict, X_Gw_Compared="1").status_code, 200)
        self.albums.is_away = True
        self.answers.evict([1])
        self.assertEqual(self.ask(verdict, X_Gw_Compared="1", Accept="application/json").status_code, 503)
        self.assertEqual(self.used(), 1)

    def test_a_comparison_that_comes_too_late_is_refused_and_not_counted(self) -> None:
        verdict = self.authorise()
        self.clock.turn(BELIEVED_SECONDS + 1)
        self.assertEqual(self.ask(verdict, X_Gw_Compared="1").status_code, 403)
        self.assertEqual(self.used(), 1)

    def test_an_old_one_and_one_of_another_request_are_decided_anew(self) -> None:
        verdict = self.authorise()
        other = f"/1.2/track/details?trackid=101&country=GB&oauth_consumer_key={KEY}"
        self.ask(verdict, other)
        self.assertEqual(self.used(), 2)
        self.clock.turn(BELIEVED_SECONDS + 1)
        self.list_keys(live_key(KEY, self.client))
        self.ask(verdict)
        self.assertEqual(self.used(), 3)

    def test_a_verdict_without_our_seal_is_none(self) -> None:
        verdict = self.authorise()
        raw = bytearray(base64.urlsafe_b64decode(verdict))
        for place in (0, 20, len(raw) - 1):
            changed = bytes(raw[:place]) + bytes([raw[place] ^ 1]) + bytes(raw[place + 1 :])
            forged = base64.urlsafe_b64encode(changed).decode()
            self.assertEqual(self.ask(forged, DETAILS).status_code, 401, place)
        for forged in ("", "x", "e30=", "é", Verdicts("t" * 32, self.clock).write(self.decision(), DETAILS)):
            self.assertEqual(self.ask(forged.encode().decode("latin-1"), DETAILS).status_code, 401, forged)

    def decision(self) -> Decision:
        return Decision(Caller(live_key(KEY, self.client)), None)

    def test_the_secret_that_seals_is_not_the_one_that_hashes_keys(self) -> None:
        verdict = base64.urlsafe_b64decode(self.authorise())
        self.assertNotEqual(verdict[:16], hash_key(verdict[16:].decode(), SECRET)[:16])


class ServicesOfMovedPathsTest(GatewayCase):
    """Who may ask is the same before and after a path moves."""

    def setUp(self) -> None:
        super().setUp()
        self.albums.put(document())

    def statuses(self, path: str = "/1.2/track/details?trackid=100&country=GB") -> tuple[int, str]:
        """Of our own answer, and of what nginx is told."""
        target = f"{path}&oauth_consumer_key={KEY}"
        ours = self.http.get(target).status_code
        asked = self.http.get("/gateway/authorise", headers={"X-Original-URI": target, "X-Original-Method": "GET"})
        return ours, asked.headers["X-Gw-Status"]

    def test_the_legacy_service_of_the_path_is_enough_for_ours_and_ours_for_the_legacy_path(self) -> None:
        for services in ({"tracks": False}, {"legacy.track": False}, {"legacy.*": False}):
            self.allow(None, **services)
            self.assertEqual(self.statuses(), (200, "200"), services)

    def test_another_legacy_service_is_not(self) -> None:
        for services in ({"legacy.artist": False}, {"legacy.release": False}, {"logs.*": False}):
            self.allow(None, **services)
            self.assertEqual(self.statuses(), (403, "403"), services)

    def test_our_service_is_none_for_other_paths_of_the_legacy_api(self) -> None:
        self.allow(None, tracks=False)
        self.assertEqual(self.statuses("/1.2/track/search?q=a")[1], "403")

    def test_what_is_said_of_ours_counts_before_what_is_said_of_the_legacy_service(self) -> None:
        self.allow(None, **{"tracks": True, "legacy.*": False})
        self.assertEqual(self.statuses(), (401, "401"))
        self.allow(None, **{"legacy.track": True, "legacy.*": False})
        self.assertEqual(self.statuses(), (401, "401"))
