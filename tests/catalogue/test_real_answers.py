"""One client reads the platform's own stored answers and ours: what it takes from there, it finds here."""

import unittest
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.catalogue.shared_data import SHARED_DATA
from tests.catalogue_xml import Refusal, misplaced, parse_answer

RUBY, NODE = SHARED_DATA / "sevendigital-ruby-mit", SHARED_DATA / "7digital-api-isc"
#: What a client takes from an answer, of the platform's and of ours.
OF_TRACK = (
    *("title", "version", "artist/name", "artist/appearsAs", "trackNumber", "duration", "explicitContent", "isrc"),
    *("release/title", "release/version", "release/type", "release/barcode", "release/artist/name", "release/image"),
)
OF_RELEASE = (
    "title",
    "version",
    "type",
    "barcode",
    "year",
    "explicitContent",
    "artist/name",
    "artist/appearsAs",
    "image",
)


def taken(element: ElementTree.Element, paths: tuple[str, ...]) -> dict[str, str]:
    """The id, and the text of each path that is there."""
    found = {path: found.text or "" for path in paths if (found := element.find(path)) is not None}
    return found | {"@id": element.get("id", "")}


@unittest.skipUnless(RUBY.exists(), f"the real answers aren't there: {RUBY}")
class RealAnswersTest(unittest.TestCase):
    def read(self, path: Path, root: str) -> ElementTree.Element:
        found = parse_answer(path.read_bytes()).find(root)
        assert found is not None, path
        return found

    def test_track_details(self) -> None:
        found = taken(self.read(RUBY / "track" / "details.xml", "track"), OF_TRACK)
        self.assertEqual(set(found), {*OF_TRACK, "@id"})
        self.assertEqual((found["@id"], found["isrc"], found["duration"]), ("123456", "SEAMA9301032", "213"))

    def test_release_details_and_tracks(self) -> None:
        found = taken(self.read(NODE / "release-single-format.xml", "release"), OF_RELEASE)
        self.assertEqual((found["title"], found["year"]), ("Body Language Live", "2008"))
        for path, number in (
            (NODE / "release-tracks-multitrack.xml", 10),
            (NODE / "release-tracks-singletrack.xml", 1),
        ):
            tracks = self.read(path, "tracks")
            self.assertEqual([tracks.findtext("page"), tracks.findtext("pageSize")], ["1", "10"])
            self.assertEqual(len(tracks.findall("track")), number)

    def test_an_error(self) -> None:
        with self.assertRaises(Refusal) as caught:
            parse_answer((NODE / "release-not-found.xml").read_bytes())
        self.assertEqual((caught.exception.code, caught.exception.message), (2001, "Release not found"))


class OurAnswersTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        cls.rig.does("sample", "--releases", "20")
        cls.rig.settled()

    def test_the_same_client_reads_ours_through_nginx(self) -> None:
        uses = "usageTypes=download,subscriptionstreaming,adsupportedstreaming"
        read = 0
        for number in range(1, 21):
            reply = self.rig.get(f"release/tracks?releaseid={100_000_000 + number}&country=GB&pagesize=50&{uses}")
            try:
                tracks = parse_answer(reply.content).find("tracks")
            except Refusal as refusal:
                self.assertEqual((reply.status_code, refusal.code), (404, 2002))
                continue
            assert tracks is not None
            self.assertEqual(misplaced(tracks), [])
            for each in tracks.findall("track"):
                self.assertEqual(set(taken(each, OF_TRACK)), {*OF_TRACK, "@id"})
                read += 1
        self.assertGreater(read, 100)
        with self.assertRaises(Refusal) as caught:
            parse_answer(self.rig.get("release/details?releaseid=99&country=GB").content)
        self.assertEqual((caught.exception.code, caught.exception.message), (2001, "Release not found"))

    def test_each_answer_says_how_fresh_it_is_and_304_passes_nginx(self) -> None:
        path = "track/details?trackid=1000000001&country=GB&usageTypes=download"
        first = self.rig.get(path)
        self.assertEqual(first.status_code, 200)
        self.assertRegex(first.headers["X-Catalogue-As-Of"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        again = self.rig.get(path, If_None_Match=first.headers["ETag"])
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.assertEqual(self.rig.get(path.replace("trackid", "TrackID")).headers["ETag"], first.headers["ETag"])
