"""Lines of feeds: read as the platform writes them, and refused with column and rule."""

import gzip
import tempfile
import unittest
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from catalogue.feed.lines import BadCell, Cells, ReleaseLine, TrackLine, artist_line, release_line, track_line
from catalogue.feed.reader import BadFeed, BadLine, GoodLine, look_into, read_lines

TRACK = {
    "trackid": "285",
    "title": "Make You Feel That Way",
    "version": "Album Version",
    "type": "Audio",
    "isrc": "usmc-10200020",
    "explicitcontent": "false",
    "tracknumber": "10",
    "discnumber": "1",
    "artistid": "44",
    "artistappearsas": "Somebody",
    "releaseid": "28",
    "duration": "206",
    "formats": "48,17",
    "price": "0.99",
    "rrp": "",
    "url": "http://shop.example/artist/some-body/release/some-thing?h=10",
    "popularity": "0.33",
    "streamingreleasedate": "2002-06-09T00:00:00.1234567Z",
    "licensorid": "1",
}
RELEASE = {
    "releaseid": "28",
    "title": "Some Thing",
    "version": "",
    "artistid": "44",
    "artistappearsas": "Somebody",
    "barcode": "00008811195021",
    "type": "Album",
    "year": "2002",
    "explicitcontent": "TRUE",
    "trackcount": "12",
    "duration": "",
    "tags": "rock,pop",
    "licensorid": "",
    "image": "http://images.example/28_<$size$>.jpg",
    "dateadded": "2004-05-12T17:37:53.933Z",
    "releasedate": "2002-06-09T00:00:00Z",
    "labelid": "3",
    "labelname": "A Label",
    "formats": "",
    "price": "5.49",
    "rrp": "5.49",
    "url": "http://shop.example/artist/some-body/release/some-thing?h=00",
}


class TrackLineTest(unittest.TestCase):
    def read(self, **changes: str) -> TrackLine:
        return track_line(Cells(TRACK | changes))

    def test_a_line_is_read_as_the_platform_writes_it(self) -> None:
        found = self.read()
        self.assertEqual(found.row[:6], (285, 28, "Make You Feel That Way", "Album Version", "audio", "USMC10200020"))
        self.assertEqual((found.formats, found.price, found.recommended_price), ((17, 48), Decimal("0.99"), None))
        self.assertEqual(found.streaming_from, datetime(2002, 6, 9, 0, 0, 0, 123456))  # noqa: DTZ001 - as tables have it
        self.assertEqual(found.artist_slug, "some-body")

    def test_what_is_empty_isnt_known(self) -> None:
        found = self.read(isrc="", price="", streamingreleasedate="", duration="", popularity="", formats="")
        self.assertEqual((found.row[5], found.row[11], found.price, found.streaming_from), (None, None, None, None))
        self.assertEqual(found.formats, ())

    def test_each_bad_cell_is_named_with_its_rule(self) -> None:
        for column, cell, part in (
            ("trackid", "0", "trackId must be a whole number from 1"),
            ("trackid", "12a", "trackId"),
            ("trackid", "²", "trackId"),
            ("releaseid", "", "releaseId"),
            ("title", " ", "title must not be blank"),
            ("title", "x" * 501, "title must have at most 500 characters"),
            ("isrc", "12345", "isrc must be an ISRC"),
            ("explicitcontent", "yes", "explicitContent must be true or false"),
            ("tracknumber", "-1", "trackNumber"),
            ("formats", "17,x", "formats"),
            ("price", "-1", "price must be an amount"),
            ("price", "NaN", "price must be an amount"),
            ("price", "0.999", "price must be an amount"),
            ("streamingreleasedate", "2002-06-09", "streamingReleaseDate must be a moment in UTC"),
            ("streamingreleasedate", "2002-13-09T00:00:00Z", "streamingReleaseDate"),
            ("streamingreleasedate", "2002-06-09T00:00:00+01:00", "streamingReleaseDate"),
        ):
            with self.subTest(column), self.assertRaises(BadCell) as caught:
                self.read(**{column: cell})
            self.assertIn(part, str(caught.exception))


class ReleaseLineTest(unittest.TestCase):
    def read(self, **changes: str) -> ReleaseLine:
        return release_line(Cells(RELEASE | changes))

    def test_a_line_is_read_as_the_platform_writes_it(self) -> None:
        found = self.read()
        self.assertEqual((found.row[4], found.row[6], found.row[13]), ("00008811195021", True, "some-thing"))
        self.assertEqual((found.label, found.licensor_id), ((3, "A Label"), None))
        self.assertEqual(found.sold_from, datetime(2002, 6, 9))  # noqa: DTZ001 - as tables have it

    def test_it_has_a_day_and_a_barcode_of_digits(self) -> None:
        for column, cell in (("releasedate", ""), ("barcode", "12X456"), ("year", "20022")):
            with self.subTest(column), self.assertRaises(BadCell):
                self.read(**{column: cell})

    def test_an_artist_has_a_name(self) -> None:
        cells = {"artistid": "5", "name": "Söme Body", "url": "http://shop.example/artist/some-body/"}
        self.assertEqual(artist_line(Cells(cells)).row, (5, "Söme Body", None, "some-body", None, False))
        with self.assertRaises(BadCell):
            artist_line(Cells(cells | {"name": ""}))


class FileTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "feed.csv.gz"

    def write(self, *lines: str, cut: int | None = None) -> Path:
        packed = gzip.compress("\n".join(lines).encode() + b"\n")
        self.path.write_bytes(packed[:cut])
        return self.path

    def header(self, *more: str) -> str:
        return ",".join([*more, *TRACK])

    def line(self, *more: str, **changes: str) -> str:
        return ",".join([*more, *(f'"{cell}"' for cell in (TRACK | changes).values())])

    def test_a_header_tells_kind_and_whether_it_is_of_updates(self) -> None:
        feed = look_into(self.write(self.header("action")))
        self.assertEqual((feed.kind, feed.is_update), ("track", True))
        feed = look_into(self.write(",".join(RELEASE)))
        self.assertEqual((feed.kind, feed.is_update), ("release", False))

    def test_lines_have_their_number_and_action(self) -> None:
        feed = look_into(self.write(self.header("action"), self.line("U"), self.line("D"), self.line("i")))
        found = [each for each in read_lines(feed) if isinstance(each, GoodLine)]
        self.assertEqual([(each.number, each.action) for each in found], [(2, "U"), (3, "D"), (4, "I")])

    def test_a_bad_line_is_named_and_its_neighbours_are_read(self) -> None:
        lines = (self.line("U"), self.line("X"), self.line("U", price="x"), "U,1", self.line("U"))
        found = list(read_lines(look_into(self.write(self.header("action"), *lines))))
        bad = {each.number: each.reason for each in found if isinstance(each, BadLine)}
        self.assertEqual(sorted(bad), [3, 4, 5])
        self.assertIn("action", bad[3])
        self.assertIn("price", bad[4])
        self.assertIn("2 cells", bad[5])

    def test_a_file_that_is_none_is_refused_by_name(self) -> None:
        for header in ("a,b,c", "", self.header("action").replace("title,", "")):
            with self.subTest(header), self.assertRaises(BadFeed) as caught:
                look_into(self.write(header))
            self.assertIn("feed.csv.gz, line 1", str(caught.exception))
        with self.assertRaises(BadFeed):
            look_into(Path("/nowhere/feed.gz"))

    def test_a_file_that_ends_in_the_middle_is_refused(self) -> None:
        many = [self.line("U", title=f"Title {number * 7919 % 10007}") for number in range(3_000)]
        whole = self.write(self.header("action"), *many)
        path = self.write(self.header("action"), *many, cut=whole.stat().st_size // 2)
        with self.assertRaises(BadFeed) as caught:
            list(read_lines(look_into(path)))
        self.assertIn("can't be read to its end", str(caught.exception))

    def test_text_that_isnt_utf_8_is_refused(self) -> None:
        self.path.write_bytes(gzip.compress(self.header("action").encode() + b"\nU,\xff\n"))
        with self.assertRaises(BadFeed):
            list(read_lines(look_into(self.path)))
