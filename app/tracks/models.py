"""The models of tracks and releases, in the order of elements that the platform's clients know.

The order is that of SevenDigital.Api.Schema (Tracks/Track.cs, Releases/Release.cs, Artists/Artist.cs, Packages/*.cs).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.tracks.markup import clean
from app.tracks.rights import DOWNLOAD, USAGE_TYPES, Right
from common.catalogue import instant

Document = Mapping[str, Any]
#: Stands for the wanted size in an image's URL.
SIZE_MARK = "<$size$>"


def track_model(
    album: Document, track: Document, holding: Mapping[str, Right], country: str, image_size: int
) -> dict[str, Any]:
    """A track on its release, with a block for each use that is allowed."""
    model = {
        "id": track["id"],
        "title": clean(track["title"]),
        "version": clean(track.get("subtitle", "")),
        "artist": artist_model(track["artist"]),
        "trackNumber": track["trackNumber"],
        "duration": track.get("duration", 0),
        "explicitContent": track["explicitContent"],
        "isrc": track.get("isrc", ""),
        "type": track["type"],
        "release": _release_of_track(album, image_size),
        "discNumber": track["discNumber"],
        "number": track["trackNumber"],
    }
    model |= usage_blocks(holding, track.get("packages", ()), country)
    return model | _texts(pline=track.get("pLine") or album.get("pLine"))


def release_model(album: Document, holding: Mapping[str, Right], country: str, image_size: int) -> dict[str, Any]:
    """A release, with a block for each use that is allowed."""
    model = _release_head(album, image_size)
    model |= _texts(addedDate=album.get("addedAt"))
    return model | usage_blocks(holding, album.get("packages", ()), country)


def artist_model(artist: Document) -> dict[str, Any]:
    """An artist as it appears somewhere."""
    model: dict[str, Any] = {"id": artist["id"], "name": clean(artist["name"])}
    model |= _texts(
        sortName=artist.get("sortName"),
        appearsAs=artist.get("appearsAs"),
        image=artist.get("image"),
        slug=artist.get("slug"),
    )
    return model | ({"isPlaceholderImage": True} if artist.get("isPlaceholderImage") else {})


def usage_blocks(holding: Mapping[str, Right], packages: Sequence[Document], country: str) -> dict[str, dict[str, Any]]:
    """A block for each use that is allowed, in their order."""
    blocks: dict[str, dict[str, Any]] = {}
    for usage_type in USAGE_TYPES:
        right = holding.get(usage_type)
        if right is None:
            continue
        preview = {"previewDate": instant(right.preview)} if right.preview else {}
        blocks[usage_type] = preview | {"releaseDate": instant(right.start)}
        if usage_type == DOWNLOAD:
            blocks[usage_type]["packages"] = [_package(each) for each in packages if country in each["territories"]]
    return blocks


def _package(package: Document) -> dict[str, Any]:
    price = {
        "currencyCode": package["currencyCode"],
        "sevendigitalPrice": package.get("price"),
        "recommendedRetailPrice": package.get("recommendedRetailPrice"),
    }
    formats = [{"id": each["id"], "description": clean(each["description"])} for each in package["formats"]]
    return {"id": package["id"], "description": clean(package["description"]), "price": price, "formats": formats}


def _release_of_track(album: Document, image_size: int) -> dict[str, Any]:
    return _release_head(album, image_size)


def _release_head(album: Document, image_size: int) -> dict[str, Any]:
    model: dict[str, Any] = {
        "id": album["id"],
        "title": clean(album["title"]),
        "version": clean(album.get("subtitle", "")),
        "type": clean(album["type"]),
    }
    model |= _texts(barcode=album.get("upc")) | _numbers(year=album.get("year"))
    model |= {"explicitContent": album["explicitContent"], "artist": artist_model(album["artist"])}
    image = album.get("image")
    model |= _texts(image=None if image is None else image.replace(SIZE_MARK, str(image_size)))
    for name in ("label", "licensor"):
        if name in album:
            model[name] = {"id": album[name]["id"], "name": clean(album[name]["name"])}
    model |= _numbers(duration=album.get("duration"), trackCount=album.get("trackCount"))
    return model | _texts(slug=album.get("slug"), cline=album.get("cLine"), pline=album.get("pLine"))


def _texts(**values: str | None) -> dict[str, str]:
    return {name: clean(value) for name, value in values.items() if value is not None}


def _numbers(**values: int | None) -> dict[str, int]:
    return {name: value for name, value in values.items() if value is not None}
