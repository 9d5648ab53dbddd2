"""The track ids of a sample: one a line, or a gzip CSV feed of the catalogue."""

import csv
import gzip
import io
import random
import tempfile
import unittest
from pathlib import Path

from commands.sampling.tracks import BadTrackFile, read_track_ids, tracks_from

REAL_FEED = Path(__file__).parents[4] / "shared/data/7digital/1000-line-track-updt-feed.gz"

HEADER = ("action", "trackId", "title", "version", "type", "isrc", "explicitContent", "duration", "url")
ROWS = (
    (
        "U",
        "285",
        "Song, with a comma",
        "Album Version",
        "Audio",
        "GBAAA0500001",
        "false",
        "206",
        "http://example.com/1",
    ),
    ("I", "453", "Zweizeilig\nmit Umbruch", "", "Audio", "GBAAA0500002", "false", "386", "http://example.com/2"),
    ("D", "673", "", "", "", "", "", "", ""),
    ("U", "285", "Song, with a comma", "Remastered", "Audio", "GBAAA0500001", "true", "206", "http://example.com/3"),
)


def feed() -> bytes:
    """A small feed of the shape that the platform's catalogue feeds have: gzip, CSV, a leading action column."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *ROWS])
    return gzip.compress(text.getvalue().encode())


class ReadTrackIdsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "tracks")

    def ids(self, content: bytes) -> list[int]:
        self.path.write_bytes(content)
        return read_track_ids(self.path)

    def refusal(self, content: bytes) -> str:
        with self.assertRaises(BadTrackFile) as caught:
            self.ids(content)
        return str(caught.exception)

    def test_plain_ids_one_a_line(self) -> None:
        self.assertEqual(self.ids(b"12\n\n 7 \r\n12\n2147483647"), [12, 7, 2147483647])

    def test_plain_ids_in_gzip(self) -> None:
        self.assertEqual(self.ids(gzip.compress(b"12\n7\n")), [12, 7])

    def test_a_feed_gives_each_track_once_and_leaves_deleted_ones_out(self) -> None:
        self.assertEqual(self.ids(feed()), [285, 453])

    def test_the_column_is_found_however_it_is_spelt(self) -> None:
        for name in ("trackId", "track_id", "TrackID", "TRACK ID"):
            with self.subTest(name=name):
                self.assertEqual(self.ids(f"title,{name}\nSong,5\n".encode()), [5])

    def test_a_bad_id_is_named_with_its_line(self) -> None:
        self.assertIn("tracks:2: a track id must be", self.refusal(b"5\nfive\n"))
        self.assertIn("tracks:1: a track id must be", self.refusal(b"0\n"))
        self.assertIn("tracks:1: a track id must be", self.refusal(b"2147483648\n"))

    def test_a_short_row_is_named_with_its_line(self) -> None:
        self.assertIn("tracks:2: the row has fewer cells", self.refusal(b"trackId,action\n5\n"))

    def test_an_empty_file_and_a_cut_off_one_are_refused(self) -> None:
        self.assertIn("holds no track id", self.refusal(b""))
        self.assertIn("can't be read", self.refusal(feed()[:-9]))

    def test_a_missing_file_is_refused(self) -> None:
        with self.assertRaisesRegex(BadTrackFile, "can't be read"):
            read_track_ids(self.path)

    def test_only_tracks_of_the_file_are_drawn(self) -> None:
        self.path.write_bytes(b"3\n5\n8\n")
        drawn = tracks_from(self.path, random.Random(1)).draw(random.Random(2), 500)
        self.assertEqual(set(drawn), {3, 5, 8})

    @unittest.skipUnless(REAL_FEED.exists(), "the real catalogue feed isn't beside the clone (../shared/data)")
    def test_the_real_feed_is_read(self) -> None:
        ids = read_track_ids(REAL_FEED)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreater(len(ids), 900)
        self.assertEqual(ids[0], 285)
