"""The platform's real feed files, from the disk to the answer; skipped where they aren't."""

import unittest
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from catalogue.feed.reader import GoodLine, look_into, read_lines
from tests.catalogue.feed_case import FeedCase
from tests.catalogue.shared_data import SHARED_DATA

RELEASES = SHARED_DATA / "7digital" / "1000-line-release-updt-feed.gz"
TRACKS = SHARED_DATA / "7digital" / "1000-line-track-updt-feed.gz"


def lines_of(path: Path) -> list[Any]:
    """The lines of a feed, as they are read."""
    return [each for each in read_lines(look_into(path)) if isinstance(each, GoodLine)]


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
