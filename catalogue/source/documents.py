"""Makes the document of a release out of its rows: the same rows always make the same document.

Names are those of the platform's own catalogue events (docs.massivemusic.com, docs/standard-metadata-event-schema), and
of its API where those have none.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from common.catalogue import instant, instant_of

Rows = Sequence[tuple[Any, ...]]
#: Rights that are remembered; those of a release are mostly the same.
MOST_KEPT = 10_000
#: Of a release or of one of its tracks; track 0 is the release itself.
Place = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """What the queries found, as catalogue/source/queries.py has the columns."""

    releases: Rows
    tracks: Rows
    rights: Rows
    prices: Rows
    formats: Mapping[int, str]


def documents_of(source: Source) -> dict[int, dict[str, Any]]:
    """The document of each release, by id."""
    rights, packages = _rights(source.rights), _packages(source.prices, source.formats)
    tracks: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in source.tracks:
        tracks[row[0]].append(_track(row, rights, packages))
    return {row[0]: _release(row, tracks[row[0]], rights, packages) for row in source.releases}


def _release(
    row: tuple[Any, ...],
    tracks: list[dict[str, Any]],
    rights: Mapping[Place, list[dict[str, Any]]],
    packages: Mapping[Place, list[dict[str, Any]]],
) -> dict[str, Any]:
    release_id, version, changed_at, title = row[:4]
    head = {"id": release_id, "version": version, "changedAt": instant(changed_at)}
    if title is None:
        return head | {"takedown": True}
    version_title, kind, barcode, year, is_explicit, appears_as, duration, track_count, slug = row[4:13]
    image, url, genres, cline, pline, added_at = row[13:19]
    label_id, label, licensor_id, licensor = row[25:29]
    about = {
        "title": title,
        "subtitle": version_title,
        "type": kind,
        "upc": barcode,
        "year": year,
        "explicitContent": bool(is_explicit),
        "artist": _artist(row[19:25], appears_as),
        "duration": duration,
        "trackCount": track_count,
        "slug": slug,
        "image": image,
        "url": url,
        "genres": [genre for genre in genres.split(",") if genre],
        "cLine": cline,
        "pLine": pline,
        "addedAt": None if added_at is None else instant(added_at),
        "label": None if label_id is None else {"id": label_id, "name": label or ""},
        "licensor": None if licensor_id is None else {"id": licensor_id, "name": licensor or ""},
        "availability": rights.get((release_id, 0), []),
        "packages": packages.get((release_id, 0), []),
        "tracks": tracks,
    }
    return head | _known(about)


def _track(
    row: tuple[Any, ...],
    rights: Mapping[Place, list[dict[str, Any]]],
    packages: Mapping[Place, list[dict[str, Any]]],
) -> dict[str, Any]:
    release_id, track_id, title, version_title, kind, isrc, is_explicit, number, disc, appears_as = row[:10]
    duration, url, pline, popularity = row[10:14]
    about = {
        "id": track_id,
        "title": title,
        "subtitle": version_title,
        "type": kind,
        "isrc": isrc,
        "explicitContent": bool(is_explicit),
        "trackNumber": number,
        "discNumber": disc,
        "artist": _artist(row[14:20], appears_as),
        "duration": duration,
        "url": url,
        "pLine": pline,
        "popularity": None if popularity is None else str(popularity),
        "availability": rights.get((release_id, track_id), []),
        "packages": packages.get((release_id, track_id), []),
    }
    return _known(about)


def _artist(row: tuple[Any, ...], appears_as: str | None) -> dict[str, Any]:
    artist_id, name, sort_name, slug, image, is_placeholder = row
    shown = name if name is not None else appears_as or ""
    about = {"id": artist_id, "name": shown, "sortName": sort_name, "appearsAs": appears_as or shown, "slug": slug}
    return _known(about | {"image": image, "isPlaceholderImage": True if is_placeholder else None})


def _rights(found: Rows) -> dict[Place, list[dict[str, Any]]]:
    rights: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for release_id, track_id, *about in found:
        rights[release_id, track_id].append(_right(*about))
    return rights


@lru_cache(maxsize=MOST_KEPT)
def _right(usage_type: str, start: str, end: str | None, preview: str | None, countries: str) -> dict[str, Any]:
    """One for all tracks that have the same: nobody changes a document."""
    about = {
        "usageType": usage_type,
        "start": instant_of(start),
        "end": None if end is None else instant_of(end),
        "previewStart": None if preview is None else instant_of(preview),
        "territories": countries.split(","),
    }
    return _known(about)


def _packages(found: Rows, names: Mapping[int, str]) -> dict[Place, list[dict[str, Any]]]:
    """Offers that differ by the country alone become one."""
    packages: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    offers: dict[tuple[Any, ...], list[str]] = {}
    for release_id, track_id, package_id, description, currency, price, recommended, country, formats in found:
        key = (release_id, track_id, package_id, description, currency, price, recommended, formats)
        offers.setdefault(key, []).append(country)
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for (release_id, track_id, *about), countries in offers.items():
        same = (*about, *countries)
        if same not in kept:
            kept[same] = _package(about, countries, names)
        packages[release_id, track_id].append(kept[same])
    return packages


def _package(about: Sequence[Any], countries: list[str], names: Mapping[int, str]) -> dict[str, Any]:
    package_id, description, currency, price, recommended, formats = about
    numbers = [int(each) for each in (formats or "").split(",") if each]
    return _known(
        {
            "id": package_id,
            "description": description or "",
            "currencyCode": currency,
            "price": price,
            "recommendedRetailPrice": recommended,
            "territories": countries,
            "formats": [{"id": number, "description": names.get(number, "")} for number in numbers],
        }
    )


def _known(about: dict[str, Any]) -> dict[str, Any]:
    """Without what nobody knows."""
    return {name: value for name, value in about.items() if value is not None}
