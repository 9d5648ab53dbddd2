"""Documents of releases, as the catalogue's topic has them, and their records."""

from datetime import UTC, datetime
from typing import Any

from common.catalogue import ReleaseRecord, release_headers, release_value
from common.catalogue_reading import read_catalogue_record

START = "2020-01-01T00:00:00Z"


def right(usage_type: str = "download", start: str = START, end: str | None = None, *countries: str) -> dict[str, Any]:
    """A right in some countries, GB without any."""
    found: dict[str, Any] = {"usageType": usage_type, "start": start, "territories": list(countries or ("GB",))}
    return found | ({"end": end} if end else {})


PACKAGE = {
    "id": 2,
    "description": "Standard",
    "currencyCode": "GBP",
    "price": "0.99",
    "recommendedRetailPrice": "1.09",
    "territories": ["GB"],
    "formats": [{"id": 17, "description": "MP3 320"}],
}


def track(track_id: int, **changes: Any) -> dict[str, Any]:
    """A track, downloadable in GB since 2020."""
    return {
        "id": track_id,
        "title": f"Track {track_id}",
        "subtitle": "",
        "type": "audio",
        "isrc": "GBXYZ0000001",
        "explicitContent": False,
        "trackNumber": 1,
        "discNumber": 1,
        "artist": {"id": 7, "name": "An Artist", "appearsAs": "An Artist", "slug": "an-artist"},
        "duration": 214,
        "availability": [right()],
        "packages": [PACKAGE],
    } | changes


def document(release_id: int = 1, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A release with one track, whose id is the release's and two zeros."""
    found = {
        "id": release_id,
        "version": version,
        "changedAt": "2026-01-01T00:00:00Z",
        "title": f"Release {release_id}",
        "subtitle": "",
        "type": "Album",
        "upc": "0724358215557",
        "year": 1994,
        "explicitContent": False,
        "artist": {"id": 7, "name": "An Artist", "appearsAs": "An Artist", "slug": "an-artist"},
        "duration": 214,
        "trackCount": 1,
        "slug": "a-release",
        "image": "http://images.example/1_<$size$>.jpg",
        "genres": ["pop"],
        "label": {"id": 3, "name": "A Label"},
        "licensor": {"id": 4, "name": "A Licensor"},
        "availability": [right()],
        "packages": [PACKAGE],
        "tracks": [track(release_id * 100)],
    }
    return found | changes


def takedown(release_id: int = 1, version: int = 1) -> dict[str, Any]:
    """The word that a release is gone."""
    return {"id": release_id, "version": version, "changedAt": "2026-01-01T00:00:00Z", "takedown": True}


def raw_record(found: dict[str, Any], epoch: int = 1) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The record of a document: value and headers."""
    value, digest = release_value(found)
    headers = release_headers(found["id"], found["version"], digest, len(found.get("tracks", ())), epoch)
    return value, headers


def record(found: dict[str, Any]) -> ReleaseRecord:
    """The record of a document, read."""
    value, headers = raw_record(found)
    made = read_catalogue_record(list(headers), value)
    assert isinstance(made, ReleaseRecord)
    return made


NOW = datetime(2026, 11, 27, tzinfo=UTC)
