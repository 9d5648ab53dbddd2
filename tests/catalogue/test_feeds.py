"""Feed files, from the disk to the answer: the platform's real ones where they are, and made-up ones."""

import gzip
import tempfile
import unittest
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from catalogue.feed.reader import GoodLine, look_into, read_lines
from tests.catalogue.catalogue_rig import SHARED_DATA, CatalogueRig, catalogue_rig

RELEASES = SHARED_DATA / "7digital" / "1000-line-release-updt-feed.gz"
TRACKS = SHARED_DATA / "7digital" / "1000-line-track-updt-feed.gz"
TRACK_COLUMNS = (
    *("trackId", "title", "version", "type", "isrc", "explicitContent", "trackNumber", "discNumber", "artistId"),
    *("artistAppearsAs", "releaseId", "duration", "formats", "price", "rrp", "url", "popularity"),
    "streamingReleaseDate",
)
RELEASE_COLUMNS = (
    *("releaseId", "title", "version", "artistId", "artistAppearsAs", "barcode", "type", "year", "explicitContent"),
    *("trackCount", "duration", "tags", "licensorId", "image", "dateAdded", "releaseDate", "labelId", "labelName"),
    *("formats", "price", "rrp", "url"),
)


def lines_of(path: Path) -> list[Any]:
    """The lines of a feed, as they are read."""
    return [each for each in read_lines(look_into(path)) if isinstance(each, GoodLine)]


class FeedCase(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, columns: tuple[str, ...], *rows: dict[str, str]) -> str:
        """A feed file; with an action in the rows it is one of updates."""
        columns = ("action", *columns) if "action" in rows[0] else columns
        text = [",".join(columns), *(",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows)]
        path = self.folder / "feed.csv.gz"
        path.write_bytes(gzip.compress("\n".join(text).encode()))
        return str(path)

    def release(self, release_id: int, **changes: str) -> dict[str, str]:
        return {
            "releaseId": str(release_id),
            "title": f"Release {release_id}",
            "artistId": "900",
            "artistAppearsAs": "Somebody",
            "barcode": "0724358215557",
            "type": "Album",
            "explicitContent": "false",
            "releaseDate": "2010-01-01T00:00:00Z",
            "price": "5.49",
        } | changes

    def track(self, track_id: int, release_id: int, **changes: str) -> dict[str, str]:
        return {
            "trackId": str(track_id),
            "releaseId": str(release_id),
            "title": f"Track {track_id}",
            "artistId": "900",
            "artistAppearsAs": "Somebody",
            "type": "Audio",
            "explicitContent": "false",
            "trackNumber": "1",
            "formats": "17",
            "price": "0.99",
            "streamingReleaseDate": "2011-01-01T00:00:00Z",
        } | changes


@unittest.skipUnless(RELEASES.exists(), f"the real feeds aren't there: {RELEASES}")
class RealFeedTest(FeedCase):
    releases: ClassVar[dict[int, Any]]
    tracks: ClassVar[dict[int, list[Any]]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # The track file comes first: tracks wait for their releases.
        for path in (TRACKS, RELEASES):
            cls.rig.does("load-feed", str(path), "--force")
        cls.rig.settled()
        cls.releases = {each.line.release_id: each.line for each in lines_of(RELEASES)}
        cls.tracks = defaultdict(list)
        last = {each.line.track_id: each for each in lines_of(TRACKS)}
        for each in last.values():
            if each.action != "D":
                cls.tracks[each.line.release_id].append(each.line)

    def test_every_line_is_there_and_the_deleted_track_isnt(self) -> None:
        ids = {line.track_id for lines in self.tracks.values() for line in lines}
        self.assertEqual(len(ids), 998)
        found = {row[0] for row in self.rig.source("SELECT track_id FROM catalogue_track")}
        self.assertLessEqual(ids, found)
        self.assertEqual(self.rig.source("SELECT 1 FROM catalogue_track WHERE track_id = 147894"), [])
        self.assertEqual(self.rig.region("SELECT 1 FROM catalogue_track WHERE track_id = 147894"), [])
        self.assertEqual(self.rig.get("track/details?trackid=147894&country=GB").status_code, 404)

    def test_the_same_files_again_change_nothing(self) -> None:
        before = self.rig.source("SELECT SUM(version) FROM catalogue_version WHERE release_id IN (20, 56, 28, 40)")
        self.rig.does("load-feed", str(RELEASES), "--force")
        self.assertEqual(
            self.rig.source("SELECT SUM(version) FROM catalogue_version WHERE release_id IN (20, 56, 28, 40)"), before
        )

    def test_the_whole_albums_answer_with_all_their_tracks(self) -> None:
        whole = {
            number: lines
            for number, lines in self.tracks.items()
            if number in self.releases and len(lines) == self.releases[number].row[12]
        }
        self.assertEqual(len(whole), 39)
        for number, lines in whole.items():
            reply = self.rig.get(
                f"release/tracks?releaseid={number}&country=GB&pagesize=500", Accept="application/json"
            )
            self.assertEqual(reply.status_code, 200, f"{number}: {reply.text}")
            found = reply.json()["tracks"]
            self.assertEqual(found["totalItems"], len(lines))
            self.assertEqual({each["id"] for each in found["tracks"]}, {line.track_id for line in lines})
            places = [(each["discNumber"], each["trackNumber"]) for each in found["tracks"]]
            self.assertEqual(places, sorted(places))

    def test_a_track_is_2002_until_the_moment_of_its_right(self) -> None:
        # The file's day is 2014-02-05: seen a year before, these are all still to come.
        year_before = datetime(2013, 1, 1)  # noqa: DTZ001 - as tables have it
        dated = [
            line
            for number, lines in self.tracks.items()
            for line in lines
            if number in self.releases and line.streaming_from and line.streaming_from > year_before
        ]
        self.assertEqual(len(dated), 12)
        for line in dated:
            opens = line.streaming_from.replace(tzinfo=UTC)
            path = f"track/details?trackid={line.track_id}&country=GB&usageTypes=subscriptionstreaming&asOf="
            before = self.rig.get(f"{path}{opens - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}", self.rig.test_key)
            self.assertEqual(before.status_code, 404, before.text)
            self.assertIn(f"Pre-release availability: from {opens:%Y-%m-%dT%H:%M:%SZ}", before.text)
            self.assertIn('code="2002"', before.text)
            at = self.rig.get(f"{path}{opens:%Y-%m-%dT%H:%M:%SZ}", self.rig.test_key)
            self.assertEqual(at.status_code, 200, at.text)


class MadeUpFeedTest(FeedCase):
    def test_a_track_waits_for_its_release_and_is_sold_from_its_day_on(self) -> None:
        rig = self.rig
        rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400610101, 4006101)))
        rig.settled()
        path = "track/details?trackid=400610101&country=GB&usageTypes=download,subscriptionstreaming"
        self.assertEqual(rig.get(path).status_code, 404)
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006101)), "--force")
        rig.wait_for_answer(path, lambda reply: reply.status_code == 200)
        found = rig.get(path, Accept="application/json").json()["track"]
        self.assertEqual(found["download"]["releaseDate"], "2010-01-01T00:00:00Z")
        self.assertEqual(found["subscriptionStreaming"]["releaseDate"], "2011-01-01T00:00:00Z")
        rig.change("DELETE FROM catalogue_release WHERE release_id = 4006101")

    def test_two_countries_feeds_dont_disturb_each_other(self) -> None:
        rig, updates = self.rig, {"action": "U"}
        for country, currency in (("GB", "GBP"), ("DE", "EUR")):
            at = ("--country", country, "--currency", currency, "--force")
            rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006201) | updates), *at)
            rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400620101, 4006201) | updates), *at)
        path = "track/details?trackid=400620101&usageTypes=download&country="
        for country, currency in (("GB", "GBP"), ("DE", "EUR")):
            rig.wait_for_answer(f"{path}{country}", lambda reply, currency=currency: currency in reply.text)  # type: ignore[misc]
        gone = self.track(400620101, 4006201) | {"action": "D"}
        rig.does("load-feed", self.write(TRACK_COLUMNS, gone), "--force")
        rig.wait_for_answer(f"{path}GB", lambda reply: reply.status_code == 404)
        self.assertEqual(rig.get(f"{path}DE").status_code, 200)
        rig.does("load-feed", self.write(TRACK_COLUMNS, gone), "--country", "DE", "--force")
        rig.wait_for_answer(f"{path}DE", lambda reply: reply.status_code == 404)
        self.assertEqual(rig.source("SELECT 1 FROM catalogue_track WHERE track_id = 400620101"), [])

    def test_new_changed_and_deleted_in_one_file_ends_deleted(self) -> None:
        rig = self.rig
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006601)), "--force")
        lines = [self.track(400660101, 4006601) | {"action": action} for action in "UID"]
        rig.does(
            "load-feed", self.write(TRACK_COLUMNS, self.track(400660102, 4006601) | {"action": "I"}, *lines), "--force"
        )
        rig.settled()
        self.assertEqual(rig.region("SELECT track_id FROM catalogue_track WHERE release_id = 4006601"), [(400660102,)])

    def test_a_full_feed_takes_away_what_it_doesnt_name(self) -> None:
        rig, at = self.rig, ("--country", "NO", "--currency", "NOK", "--force")
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006301)), *at)
        rig.does(
            "load-feed", self.write(TRACK_COLUMNS, self.track(400630101, 4006301), self.track(400630102, 4006301)), *at
        )
        said = rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400630102, 4006301)), *at)
        self.assertIn("1 tracks that it doesn't name aren't sold in NO any more", said)
        self.assertEqual(rig.source("SELECT track_id FROM catalogue_track WHERE release_id = 4006301"), [(400630102,)])

    def test_nothing_is_loaded_of_a_file_with_a_bad_line_and_each_is_named(self) -> None:
        rig = self.rig
        good, bad = (
            self.track(400640101, 4006401) | {"action": "U"},
            self.track(400640102, 4006401) | {"action": "U", "price": "x"},
        )
        path = self.write(TRACK_COLUMNS, good, bad)
        done = rig.word("load-feed", path, "--force")
        self.assertEqual(done.returncode, 1)
        self.assertIn("line 3: price must be an amount like 0.99", done.stderr)
        self.assertEqual(rig.source("SELECT 1 FROM catalogue_track WHERE track_id = 400640101"), [])
        rig.does("load-feed", path, "--skip-bad", "--force")
        self.assertEqual(len(rig.source("SELECT 1 FROM catalogue_track WHERE release_id = 4006401")), 1)

    def test_an_older_feed_than_the_last_one_is_refused(self) -> None:
        rig = self.rig
        path = self.write(RELEASE_COLUMNS, self.release(4006501))
        today = datetime.now(UTC).date()
        at = ("--country", "SE", "--currency", "SEK")
        rig.does("load-feed", path, *at)
        done = rig.word("load-feed", path, *at, "--day", str(today - timedelta(days=1)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        rig.does("load-feed", path, *at, "--day", str(today - timedelta(days=1)), "--force")

    def test_a_sample_is_made_once(self) -> None:
        rig = self.rig
        self.assertIn("20 releases with", rig.does("sample", "--releases", "20"))
        counts = "SELECT COUNT(*) FROM catalogue_track WHERE release_id > 100000000"
        before = rig.source(counts)
        rig.does("sample", "--releases", "20")
        self.assertEqual(rig.source(counts), before)
        kinds = rig.source("SELECT DISTINCT usage_type FROM catalogue_right WHERE release_id > 100000000")
        self.assertEqual({row[0] for row in kinds}, {"download", "subscriptionStreaming", "adSupportedStreaming"})
