"""The stand-in of the legacy API: what it answers, and what it does wrong when it is told to."""

import unittest
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from werkzeug.test import TestResponse

from app.tracks.albums import Album
from standin.application import create_standin
from standin.faults import Switch
from tests.catalogue_xml import Refusal, parse_answer
from tests.fakes.albums import FakeAlbums
from tests.fakes.releases import document

DETAILS = "/1.2/track/details?trackid=100&country=GB&usageTypes=download"


class ChangedAlbums(FakeAlbums):
    """Documents as the switch wants them."""

    def __init__(self, switch: Switch) -> None:
        super().__init__()
        self._switch = switch

    def of_tracks(self, track_ids: Iterable[int]) -> Mapping[int, Album]:
        found = super().of_tracks(track_ids)
        return {
            track: Album(album.release_id, album.version, self._switch.change(album.document))
            for track, album in found.items()
        }


class StandinTest(unittest.TestCase):
    def setUp(self) -> None:
        self.switch = Switch()
        albums = ChangedAlbums(self.switch)
        albums.put(document())
        self.albums = albums
        self.http = create_standin(albums, self.switch).test_client()

    def fault(self, text: str) -> TestResponse:
        return self.http.put("/standin/faults", data=text)

    def title(self) -> str:
        found = parse_answer(self.http.get(DETAILS).data).findtext("track/title")
        assert found is not None
        return found

    def test_it_answers_in_both_formats_without_a_key(self) -> None:
        reply = self.http.get(DETAILS)
        self.assertEqual((reply.status_code, reply.content_type), (200, "application/xml; charset=utf-8"))
        self.assertEqual(self.title(), "Track 100")
        as_json = self.http.get(DETAILS, headers={"Accept": "application/json"})
        self.assertEqual(as_json.get_json()["track"]["title"], "Track 100")
        self.assertEqual(reply.headers["Cache-Control"], "private, max-age=60")
        self.assertNotIn("ETag", reply.headers)

    def test_what_is_not_there_is_2001_in_the_legacy_shape(self) -> None:
        for path in ("/1.2/track/details?trackid=1&country=GB", "/1.2/artist/details?artistid=1"):
            reply = self.http.get(path)
            self.assertEqual(reply.status_code, 404)
            with self.assertRaises(Refusal) as caught:
                parse_answer(reply.data)
            self.assertEqual(caught.exception.code, 2001)

    def test_a_wrong_field_and_back(self) -> None:
        self.assertEqual(self.fault('{"wrong_field":"title"}').status_code, 200)
        self.assertEqual(self.title(), "a wrong title")
        self.fault("{}")
        self.assertEqual(self.title(), "Track 100")

    def test_a_time_stamp_is_another_each_time(self) -> None:
        self.fault('{"time_stamp":true}')
        said = [parse_answer(self.http.get(DETAILS).data).findtext("track/pline") for _ in range(2)]
        self.assertEqual(len(set(said)), 2)
        self.assertIn(f"{datetime.now(UTC).year}", str(said[0]))

    def test_a_status_instead_of_an_answer(self) -> None:
        self.fault('{"status":500}')
        self.assertEqual(self.http.get(DETAILS).status_code, 500)

    def test_what_it_does_not_know_is_refused_with_what_it_does(self) -> None:
        for text, rule in (
            ("nonsense", "some of wrong_field, time_stamp, delay_seconds, status"),
            ('{"color":1}', "some of wrong_field"),
            ('{"wrong_field":"color"}', "wrong_field must be one of title"),
            ('{"delay_seconds":99}', "delay_seconds must be from 0 to 30"),
            ('{"delay_seconds":"1"}', "delay_seconds must be int or float"),
            ('{"status":200}', "status must be from 400 to 599"),
            ('{"time_stamp":1}', "time_stamp must be bool"),
        ):
            reply = self.fault(text)
            self.assertEqual((reply.status_code, rule in reply.text), (400, True), f"{text}: {reply.text}")
        self.assertEqual(self.title(), "Track 100")

    def test_its_database_away_is_503(self) -> None:
        self.albums.is_away = True
        self.assertEqual(self.http.get(DETAILS).status_code, 503)
