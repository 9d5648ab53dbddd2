"""What is given before Flask is what Flask gives, header for header; and nobody is counted twice."""

from typing import TYPE_CHECKING, Any, cast

from werkzeug.test import EnvironBuilder, TestResponse

from app.gateway.client import Client
from app.gateway.decision import Caller, Decision
from app.gateway.gate import DECIDED, Gate
from app.gateway.presented import Presented
from app.gateway.services import Service
from app.tracks.cache import AnswerCache
from app.tracks.making import Catalogue
from app.tracks.quick import QuickAnswers
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

    def decided(self, environ: "WSGIEnvironment") -> Decision | None:
        return None

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

    def flasks(self, path: str, accept: str = "application/xml") -> TestResponse:
        """The answer that Flask gives: a quality in Accept isn't looked at before it."""
        return self.ask(path, Accept=f"{accept};q=0.9")

    def test_what_is_given_before_flask_is_flasks_made_or_kept(self) -> None:
        for path in PATHS:
            for accept, headers in (("application/json", {"Accept": "application/json"}), ("application/xml", {})):
                with self.subTest(path=path, accept=accept):
                    self.answers.clear()
                    made, kept = self.ask(path, **headers), self.ask(path, **headers)
                    flask_kept = self.flasks(path, accept)
                    self.answers.clear()
                    flask_made = self.flasks(path, accept)
                    for each in (kept, flask_kept, flask_made):
                        self.assertEqual(shown(each), shown(made))

    def test_what_cannot_be_made_is_said_by_flask(self) -> None:
        self.limit(4)
        self.albums.is_away = True
        self.assertEqual(self.details().status_code, 503)
        self.albums.is_away = False
        self.follower.as_of = None
        reply = self.details("trackid=5&country=GB")
        # What we couldn't answer isn't counted, and what we could is counted once.
        self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (503, "0"))
        self.assertEqual(self.details().headers["X-RateLimit-Current"], "1")

    def test_a_damaged_album_is_a_500_of_ours_and_isnt_counted(self) -> None:
        self.limit(4)
        damaged = document(2)
        del damaged["tracks"][0]["artist"]
        self.albums.put(damaged)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        with self.assertLogs("app", "WARNING"):
            reply = self.details("trackid=200&country=GB")
        self.assertEqual((reply.status_code, reply.content_type), (500, "application/xml; charset=utf-8"))
        self.assertEqual(self.details().headers["X-RateLimit-Current"], "1")

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

    def quick(self) -> tuple[list[str], list[object]]:
        """Asks for a track beside a Flask that does nothing: the statuses given before it, the verdicts it has."""
        environ = EnvironBuilder(f"/1.2/track/details?trackid=100&country=GB&oauth_consumer_key={KEY}").get_environ()
        verdicts: list[object] = []
        statuses: list[str] = []

        def flask(environ: "WSGIEnvironment", _: "StartResponse") -> list[bytes]:
            verdicts.append(environ[DECIDED])
            return [b""]

        catalogue = Catalogue(self.albums, self.answers, self.follower)
        quick = QuickAnswers(flask, cast(Gate, EvictingGate(self.answers)), catalogue, self.clock, self.metrics)
        quick(environ, lambda status, _: statuses.append(status))  # type: ignore[arg-type]
        return statuses, verdicts

    def test_an_answer_that_ends_during_the_verdict_is_made_anew(self) -> None:
        self.details()
        asked = self.albums.asked
        self.assertEqual(self.quick(), (["200 OK"], []))
        self.assertEqual(self.albums.asked, asked + 1)

    def test_the_verdict_goes_on_with_what_flask_has_to_say(self) -> None:
        self.albums.is_away = True
        statuses, verdicts = self.quick()
        self.assertEqual((statuses, [type(each) for each in verdicts]), ([], [Decision]))

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
