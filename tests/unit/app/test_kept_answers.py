"""Answers that are given again: while they are true, to who has them already, and while the database is away."""

from tests.fakes.releases import document
from tests.unit.app.catalogue_case import CatalogueCase


class KeptAnswersTest(CatalogueCase):
    def test_an_answer_is_made_once_and_again_when_its_release_has_changed(self) -> None:
        self.albums.put(document(1))
        first = self.details()
        self.assertEqual(self.details().data, first.data)
        self.assertEqual(self.albums.asked, 1)
        self.albums.put(document(1, 2, title="Changed"))
        self.answers.evict([1])
        second = self.details()
        self.assertIn("Changed", second.text)
        self.assertNotEqual(first.headers["ETag"], second.headers["ETag"])
        self.assertEqual((first.headers["X-Catalogue-Version"], second.headers["X-Catalogue-Version"]), ("1", "2"))

    def test_what_wasnt_there_is_looked_for_again_when_anything_came(self) -> None:
        self.assertEqual(self.details().status_code, 404)
        self.albums.put(document(1))
        self.answers.evict([1])
        self.assertEqual(self.details().status_code, 200)

    def test_one_who_has_the_answer_gets_304_and_nothing_else(self) -> None:
        self.albums.put(document(1))
        etag = self.details().headers["ETag"]
        for header in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            reply = self.details(If_None_Match=header)
            self.assertEqual((reply.status_code, reply.data, reply.headers["ETag"]), (304, b"", etag))
            self.assertEqual(reply.headers["Cache-Control"], "private, max-age=60")
        self.assertEqual(self.details(If_None_Match='"other"').status_code, 200)
        missing = self.ask("track/details?trackid=5&country=GB", If_None_Match="*")
        self.assertEqual(missing.status_code, 404)

    def test_the_two_formats_have_two_etags_and_caches_are_told_apart(self) -> None:
        self.albums.put(document(1))
        xml, json = self.details(), self.details(Accept="application/json")
        self.assertNotEqual(xml.headers["ETag"], json.headers["ETag"])
        self.assertEqual((xml.headers["Vary"], json.headers["Vary"]), ("Accept", "Accept"))

    def test_names_and_their_order_make_no_other_answer(self) -> None:
        self.albums.put(document(1))
        self.details("trackid=100&country=GB&usageTypes=download,subscriptionstreaming")
        self.details("usagetypes=SubscriptionStreaming,Download&COUNTRY=gb&trackId=100")
        self.assertEqual(self.albums.asked, 1)

    def test_it_says_how_fresh_the_data_are(self) -> None:
        self.albums.put(document(1))
        self.follower.as_of = None
        self.assertNotIn("X-Catalogue-As-Of", self.details().headers)
        self.follower.as_of = self.now
        self.assertEqual(self.details().headers["X-Catalogue-As-Of"], self.at())

    def test_without_the_database_what_is_kept_is_served_and_the_rest_is_503(self) -> None:
        self.albums.put(document(1))
        self.details()
        self.albums.is_away = True
        self.assertEqual(self.details().status_code, 200)
        reply = self.ask("track/details?trackid=5&country=GB")
        self.assertEqual(self.refusal(reply, 503)[0], 7001)
        self.assertIn("Retry-After", reply.headers)
        self.follower.is_trusted = False
        self.assertEqual(self.details().status_code, 503)
