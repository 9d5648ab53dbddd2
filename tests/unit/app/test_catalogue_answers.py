"""GET track/details and its sisters, as a whole, on a catalogue of the test's own."""

from tests.catalogue_xml import misplaced, model_of, parse_answer
from tests.fakes.releases import PACKAGE, document, right, track
from tests.unit.app.bench import KEY, TEST_KEY
from tests.unit.app.catalogue_case import CatalogueCase

ALL_USES = "usageTypes=download,subscriptionstreaming,adsupportedstreaming"


class TrackDetailsTest(CatalogueCase):
    def test_it_has_the_blocks_that_were_asked_for_and_are_licensed(self) -> None:
        rights = [right(), right("subscriptionStreaming", "2021-05-01T00:00:00Z")]
        self.albums.put(document(1, tracks=[track(100, availability=rights)]))
        blocks = {"download", "subscriptionStreaming", "adSupportedStreaming"}
        for query, wanted in (
            ("", set()),
            ("&usageTypes=download", {"download"}),
            ("&UsageTypes=SubscriptionStreaming", {"subscriptionStreaming"}),
            (f"&{ALL_USES}", {"download", "subscriptionStreaming"}),
        ):
            found = self.json(f"track/details?trackId=100&COUNTRY=gb{query}")["track"]
            self.assertEqual(set(found) & blocks, wanted)
        self.assertEqual(found["subscriptionStreaming"], {"releaseDate": "2021-05-01T00:00:00Z"})
        self.assertEqual(found["download"]["packages"][0]["price"]["sevendigitalPrice"], "0.99")

    def test_xml_is_the_default_and_says_the_same_as_json_in_the_order_of_the_schema(self) -> None:
        odd = track(100, title="Salt & <Pepper>\x08", packages=[PACKAGE | {"price": None}])
        self.albums.put(document(1, title="R<1", tracks=[odd]))
        for path in (
            f"track/details?trackid=100&country=GB&{ALL_USES}",
            f"release/details?releaseid=1&country=GB&{ALL_USES}",
            f"release/tracks?releaseid=1&country=GB&{ALL_USES}",
            f"track/details/batch?trackids=100,5&showerrors=true&country=GB&{ALL_USES}",
        ):
            reply = self.ask(path)
            self.assertEqual((reply.status_code, reply.content_type), (200, "application/xml; charset=utf-8"))
            like = self.json(path)
            self.assertEqual(model_of(reply.data, like), like)
            self.assertEqual(misplaced(parse_answer(reply.data)), [])

    def test_without_a_right_in_the_country_there_is_no_track(self) -> None:
        self.albums.put(document(1))
        self.assertEqual(self.refusal(self.details("trackid=100&country=US")), (2001, "Track not found"))
        self.assertEqual(self.refusal(self.details("trackid=101&country=GB")), (2001, "Track not found"))

    def test_before_its_day_it_is_2002_with_the_day_and_then_it_is_there(self) -> None:
        opens = self.at(seconds=20)
        self.albums.put(document(1, tracks=[track(100, availability=[right("download", opens)])]))
        reply = self.details()
        self.assertEqual(self.refusal(reply), (2002, f"Pre-release availability: from {opens}"))
        self.assertEqual(reply.headers["Cache-Control"], "private, max-age=20")
        self.clock.turn(19)
        self.assertEqual(self.refusal(self.details())[0], 2002)
        self.clock.turn(1)
        self.assertEqual(self.details().status_code, 200)

    def test_a_use_that_isnt_licensed_is_2002_and_named(self) -> None:
        self.albums.put(document(1))
        reply = self.details("trackid=100&country=GB&usageTypes=adsupportedstreaming")
        self.assertEqual(self.refusal(reply), (2002, "Track not available for adsupportedstreaming"))

    def test_each_refused_use_is_explained_beside_those_that_hold(self) -> None:
        opens = self.at(days=2)
        self.albums.put(document(1, tracks=[track(100, availability=[right(), right("subscriptionStreaming", opens)])]))
        reply = self.details(f"trackid=100&country=GB&{ALL_USES}")
        self.assertEqual(
            reply.headers["X-Usage-Refused"],
            f'subscriptionstreaming;code=2002;from="{opens}", adsupportedstreaming;code=2002',
        )

    def test_a_right_that_ended_holds_no_more(self) -> None:
        self.albums.put(
            document(1, tracks=[track(100, availability=[right("download", self.at(days=-9), self.at(seconds=5))])])
        )
        self.assertEqual(self.details().headers["Cache-Control"], "private, max-age=5")
        self.clock.turn(5)
        self.assertEqual(self.refusal(self.details()), (2002, "Track not available"))

    def test_images_have_the_size_that_is_asked_for(self) -> None:
        self.albums.put(document(1))
        for query, size in (("", "50"), ("&imageSize=350", "350")):
            found = self.json(f"track/details?trackid=100&country=GB{query}")["track"]["release"]["image"]
            self.assertEqual(found, f"http://images.example/1_{size}.jpg")

    def test_the_rights_clock_is_for_test_clients(self) -> None:
        opens = self.at(days=1)
        self.albums.put(document(1, tracks=[track(100, availability=[right("download", opens)])]))
        query = f"trackid=100&country=GB&asOf={opens}"
        self.assertEqual(self.details(query, TEST_KEY).status_code, 200)
        self.assertEqual(self.details("trackid=100&country=GB", TEST_KEY).status_code, 404)
        self.assertEqual(self.refusal(self.details(query), 400)[0], 1002)
        self.assertEqual(self.refusal(self.details("trackid=100&country=GB&asOf=now", TEST_KEY), 400)[0], 1002)


class BadQueryTest(CatalogueCase):
    def test_each_bad_parameter_is_named_with_its_code(self) -> None:
        long_list = ",".join(["1"] * 101)
        for path, code, part in (
            ("track/details?country=GB", 1001, "trackId"),
            ("track/details?trackid=&country=GB", 1001, "trackId"),
            ("track/details?trackid=x1&country=GB", 1002, "trackId is not valid: x1"),
            ("track/details?trackid=0&country=GB", 1002, "trackId"),
            ("track/details?trackid=-5&country=GB", 1002, "trackId"),
            ("track/details?trackid=99999999999&country=GB", 1002, "trackId"),
            ("track/details?trackid=²&country=GB", 1002, "trackId"),
            ("track/details?trackid=%FF&country=GB", 1002, "trackId"),
            ("track/details?trackid=1", 1001, "country"),
            ("track/details?trackid=1&country=UK", 1002, "country"),
            ("track/details?trackid=1&country=GB&usageTypes=download,rental", 1006, "rental"),
            ("track/details?trackid=1&country=GB&imageSize=51", 1002, "imageSize"),
            (f"track/details/batch?trackids={long_list}&country=GB", 1003, "100"),
            ("track/details/batch?trackids=1,,2&country=GB", 1002, "trackIds"),
            ("track/details/batch?trackids=1&country=GB&showErrors=1", 1002, "showErrors"),
            ("release/details?country=GB", 1001, "releaseId"),
            ("release/tracks?releaseid=1&country=GB&page=0", 1003, "page out of range"),
            ("release/tracks?releaseid=1&country=GB&page=x", 1002, "page"),
            ("release/tracks?releaseid=1&country=GB&pagesize=501", 1003, "page size"),
        ):
            with self.subTest(path):
                found = self.refusal(self.ask(path), 400)
                self.assertEqual(found[0], code, found)
                self.assertIn(part, found[1])
        self.assertEqual(self.albums.asked, 0)

    def test_who_may_not_use_the_catalogue_is_refused(self) -> None:
        self.list_clients(acme=KEY)
        self.assertEqual(self.details().status_code, 403)
        self.assertEqual(self.http.get("/1.2/track/details?trackid=1&country=GB").status_code, 401)


class BatchTest(CatalogueCase):
    def test_order_and_repeats_are_kept_and_one_that_is_missing_fails_no_other(self) -> None:
        self.albums.put(document(1))
        self.albums.put(document(2))
        path = "track/details/batch?trackids=200,7,100,200&country=GB"
        found = self.json(f"{path}&showErrors=true")["items"]
        self.assertEqual([each["id"] for each in found["tracks"]], [200, 100, 200])
        self.assertEqual(found["errors"], [{"itemId": 7, "code": 2001, "errorMessage": "Track not found"}])
        self.assertEqual(self.json(path)["items"]["errors"], [])


class ArrivingTest(CatalogueCase):
    def test_while_a_new_region_still_reads_what_isnt_there_is_a_503_and_is_looked_for_again(self) -> None:
        self.albums.put(document(1))
        paths = (
            "track/details?trackid=200&country=GB",
            "track/details/batch?trackids=100,200&country=GB",
            "release/details?releaseid=2&country=GB",
            "release/tracks?releaseid=2&country=GB",
        )
        self.follower.as_of = None
        for path in paths:
            reply = self.ask(path)
            self.assertEqual((reply.status_code, reply.headers["Retry-After"]), (503, "5"))
            self.assertIn("still arriving", self.refusal(reply, 503)[1])
        self.assertEqual(self.details().status_code, 200)
        self.assertEqual(self.refusal(self.details("trackid=100&country=US"))[0], 2001)
        self.follower.as_of = self.now
        self.assertEqual(self.refusal(self.ask(paths[0]))[0], 2001)
        self.albums.put(document(2))
        self.answers.evict([2])
        for path in paths:
            self.assertEqual(self.ask(path).status_code, 200)


class ReleaseTest(CatalogueCase):
    def test_its_tracks_come_in_pages(self) -> None:
        tracks = [track(100 + number, trackNumber=number) for number in range(1, 13)]
        self.albums.put(document(1, tracks=tracks))
        found = self.json("release/tracks?releaseid=1&country=GB&page=2")["tracks"]
        self.assertEqual((found["page"], found["pageSize"], found["totalItems"]), (2, 10, 12))
        self.assertEqual([each["id"] for each in found["tracks"]], [111, 112])
        self.assertEqual(self.json("release/tracks?releaseid=1&country=GB&page=9")["tracks"]["tracks"], [])

    def test_a_release_without_rights_of_its_own_has_those_of_its_tracks(self) -> None:
        streamed = track(100, availability=[right("subscriptionStreaming", "2021-01-01T00:00:00Z")])
        self.albums.put(document(1, tracks=[streamed]))
        found = self.json(f"release/details?releaseid=1&country=GB&{ALL_USES}")["release"]
        self.assertEqual(found["subscriptionStreaming"]["releaseDate"], "2021-01-01T00:00:00Z")
        self.assertEqual(self.refusal(self.ask("release/details?releaseid=1&country=FR"))[0], 2001)
        self.assertEqual(self.refusal(self.ask("release/tracks?releaseid=9&country=GB"))[0], 2001)

    def test_a_track_that_isnt_licensed_is_listed_without_a_block(self) -> None:
        self.albums.put(document(1, tracks=[track(100), track(101, availability=[])]))
        found = self.json("release/tracks?releaseid=1&country=GB&usageTypes=download")["tracks"]["tracks"]
        self.assertEqual(["download" in each for each in found], [True, False])
