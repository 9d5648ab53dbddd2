"""Feed files that a test makes up."""

import gzip
import tempfile
import unittest
from pathlib import Path
from typing import ClassVar

from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig

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
