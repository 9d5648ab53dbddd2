"""Makes the document of a release out of its rows: the same rows always make the same document.

Names are those of the platform's own catalogue events (docs.massivemusic.com, docs/standard-metadata-event-schema), and
of its API where those have none.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.catalogue import instant

Rows = Sequence[tuple[Any, ...]]
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
    for release_id, track_id, usage_type, starts_at, ends_at, preview_at, countries in found:
        about = {
            "usageType": usage_type,
            "start": instant(starts_at),
            "end": None if ends_at is None else instant(ends_at),
            "previewStart": None if preview_at is None else instant(preview_at),
            "territories": countries.split(","),
        }
        rights[release_id, track_id].append(_known(about))
    return rights


def _packages(found: Rows, names: Mapping[int, str]) -> dict[Place, list[dict[str, Any]]]:
    """Offers that differ by the country alone become one."""
    packages: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    offers: dict[tuple[Any, ...], dict[str, Any]] = {}
    for release_id, track_id, package_id, description, currency, price, recommended, country, formats in found:
        key = (release_id, track_id, package_id, currency, price, recommended, formats)
        if key in offers:
            offers[key]["territories"].append(country)
            continue
        numbers = [int(each) for each in (formats or "").split(",") if each]
        about = {
            "id": package_id,
            "description": description or "",
            "currencyCode": currency,
            "price": None if price is None else str(price),
            "recommendedRetailPrice": None if recommended is None else str(recommended),
            "territories": [country],
            "formats": [{"id": number, "description": names.get(number, "")} for number in numbers],
        }
        offers[key] = _known(about)
        packages[release_id, track_id].append(offers[key])
    return packages


def _known(about: dict[str, Any]) -> dict[str, Any]:
    """Without what nobody knows."""
    return {name: value for name, value in about.items() if value is not None}
