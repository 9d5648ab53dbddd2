"""What is given before Flask is what Flask gives, header for header; and nobody is counted twice."""

from typing import TYPE_CHECKING, Any, cast

from werkzeug.test import EnvironBuilder, TestResponse

from app.gateway.client import Client
from app.gateway.decision import Caller, Decision
from app.gateway.gate import DECIDED, Gate
from app.gateway.presented import Presented
from app.gateway.services import Service
from app.tracks.cache import AnswerCache
from app.tracks.quick import QuickAnswers
from app.tracks.routes import Catalogue
from tests.fakes.releases import document
from tests.unit.app.bench import KEY, live_key
from tests.unit.app.catalogue_case import CatalogueCase

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATHS = (
    "track/details?trackid=100&country=GB",
    "track/details?trackid=5&country=GB",
    "track/details/batch?trackids=100,5&country=GB&showErrors=true",
    "release/details?releaseid=1&country=GB",
    "release/tracks?releaseid=1&country=GB&page=1&pagesize=5",
)


def shown(reply: TestResponse) -> dict[str, Any]:
    """All of a reply but its request id, which is its own."""
    headers = sorted((name, value) for name, value in reply.headers.items() if name != "X-Request-Id")
    assert len(reply.headers["X-Request-Id"]) == 36
    return {"status": reply.status, "headers": headers, "body": reply.data}


class EvictingGate:
    """A fake of the gate whose verdict takes so long that the answer isn't true any more."""

    def __init__(self, answers: AnswerCache) -> None:
        self._answers = answers

    def decide(self, presented: Presented, service: Service) -> Decision:
        self._answers.evict([1])
        return Decision(Caller(live_key(KEY, Client("acme", False, None, {"tracks": False}))), None)


class QuickAnswersTest(CatalogueCase):
    def setUp(self) -> None:
        super().setUp()
        self.albums.put(document(1))
        self.follower.as_of = self.now

    def limit(self, limit: int | None) -> None:
        self.store.limits["acme"] = limit
        self.list_keys(live_key(KEY, Client("acme", False, limit, {"tracks": False})))

    def test_the_first_answer_is_flasks_and_the_second_is_the_same(self) -> None:
        for path in PATHS:
            for headers in ({}, {"Accept": "application/json"}, {"Accept": "*/*"}):
                with self.subTest(path=path, headers=headers):
                    first, second = self.ask(path, **headers), self.ask(path, **headers)
                    self.assertEqual(shown(first), shown(second))

    def test_unchanged_is_the_same_from_both(self) -> None:
        etag = self.details().headers["ETag"]
        quick = self.details(If_None_Match=etag)
        flasks = self.details(If_None_Match=etag, Accept="application/xml;q=0.9")
        self.assertEqual((quick.status_code, shown(quick)), (304, shown(flasks)))

    def test_flask_is_asked_once_and_the_measurements_are_of_both(self) -> None:
        for _ in range(3):
            self.details()
        self.assertEqual(self.albums.asked, 1)
        self.assertEqual(self.metrics.total("http.requests", "status:200", "stream:none"), 3)
        self.assertEqual(len([each for each in self.metrics.seen if each.name == "http.time"]), 3)

    def test_each_request_is_counted_once_and_the_limit_is_said_alike(self) -> None:
        self.limit(4)
        said = [self.details() for _ in range(6)]
        self.assertEqual([each.status_code for each in said], [200] * 4 + [429] * 2)
        self.assertEqual([each.headers["X-RateLimit-Current"] for each in said[:5]], ["1", "2", "3", "4", "4"])
        self.assertIn("Retry-After", said[4].headers)

    def test_an_answer_that_ends_during_the_verdict_is_not_given_and_the_verdict_goes_on(self) -> None:
        environ = EnvironBuilder(f"/1.2/track/details?trackid=100&country=GB&oauth_consumer_key={KEY}").get_environ()
        self.details()
        seen: list[object] = []

        def flask(environ: "WSGIEnvironment", _: "StartResponse") -> list[bytes]:
            seen.append(environ[DECIDED])
            return [b"made anew"]

        catalogue = Catalogue(self.albums, self.answers, self.follower)
        gate = cast(Gate, EvictingGate(self.answers))
        quick = QuickAnswers(flask, gate, catalogue, self.clock, self.metrics)
        self.assertEqual(quick(environ, lambda *_: self.fail("it has answered")), [b"made anew"])
        self.assertIsInstance(seen[0], Decision)

    def test_who_may_not_is_told_so_though_the_answer_is_kept(self) -> None:
        self.details()
        self.assertEqual(self.details(key="nobody").status_code, 401)
        self.list_keys(live_key(KEY, Client("acme", False, None, {"logs.preview": False})))
        self.assertEqual(self.details().status_code, 403)

    def test_what_it_cannot_read_flask_refuses(self) -> None:
        self.details()
        for query in ("trackid=x&country=GB", "trackid=100&country=UK", "country=GB"):
            self.assertEqual(self.details(query).status_code, 400)
        self.assertEqual(
            self.http.post(f"/1.2/track/details?trackid=100&country=GB&oauth_consumer_key={KEY}").status_code, 405
        )
        head = self.http.head(f"/1.2/track/details?trackid=100&country=GB&oauth_consumer_key={KEY}")
        self.assertEqual((head.status_code, head.data), (200, b""))

    def test_what_is_kept_too_long_is_not_given(self) -> None:
        self.assertEqual(self.details().status_code, 200)
        self.follower.is_trusted = False
        self.albums.is_away = True
        self.assertEqual(self.details().status_code, 503)
