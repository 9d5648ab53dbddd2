"""Reads the records of the catalogue's topic, and says what is wrong with one that isn't ours."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from common.catalogue import (
    MARK_KINDS,
    MAX_ID,
    MAX_VERSION,
    READABLE_SCHEMAS,
    MarkRecord,
    ReleaseRecord,
    identity_of,
    moment_of,
)
from common.records import Unreadable


def read_catalogue_record(
    headers: Sequence[tuple[str, bytes | None]] | None, value: bytes | None
) -> ReleaseRecord | MarkRecord:
    """The release or mark in a record. Raises Unreadable, with the reason, for whatever isn't one."""
    if value is None:
        raise Unreadable("the record has no value: a takedown is a value with its version")
    digest = hashlib.sha256(value).digest()
    if identity_of(headers) != digest:
        raise Unreadable("header digest is missing or doesn't match the value")
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Unreadable("the value is not JSON") from None
    if not isinstance(document, dict):
        raise Unreadable("the value is not a JSON object")
    if document.get("schema") not in READABLE_SCHEMAS:
        raise Unreadable("its schema is unknown to this version")
    try:
        if "mark" in document:
            return _mark(document, digest)
        return _release(document, digest, value, _epoch(headers))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise Unreadable(what) from None


def _epoch(headers: Sequence[tuple[str, bytes | None]] | None) -> int:
    found = next((data for name, data in headers or () if name == "epoch"), None)
    return int(found) if found and found.isdigit() and len(found) < 10 else 0


def _mark(document: Mapping[str, Any], digest: bytes) -> MarkRecord:
    kind, load_no = document["mark"], document["load"]
    if kind not in MARK_KINDS:
        raise ValueError("mark is none of begin, end and checkpoint")
    return MarkRecord(
        kind=kind,
        number=_whole(document, "number", 1, MAX_ID),
        load_no=None if load_no is None else _whole(document, "load", 1, MAX_ID),
        as_of=moment_of(document["asOf"]),
        releases=_whole(document, "releases", 0, MAX_VERSION),
        digest_sum=int(document["digestSum"], 16),
        epoch=_whole(document, "epoch", 0, MAX_ID),
        digest=digest,
    )


def _release(document: dict[str, Any], digest: bytes, value: bytes, epoch: int) -> ReleaseRecord:
    is_takedown = document.get("takedown", False)
    if not isinstance(is_takedown, bool):
        raise ValueError("takedown is not true or false")
    if not is_takedown:
        _check_tracks(document["tracks"])
        if not isinstance(document["title"], str) or not isinstance(document["artist"], dict):
            raise ValueError("title is not text, or artist no object")
    return ReleaseRecord(
        release_id=_whole(document, "id", 1, MAX_ID),
        version=_whole(document, "version", 1, MAX_VERSION),
        is_takedown=is_takedown,
        changed_at=moment_of(document["changedAt"]),
        digest=digest,
        value=value,
        document=document,
        epoch=epoch,
    )


def _check_tracks(tracks: object) -> None:
    if not isinstance(tracks, list) or not all(isinstance(track, dict) for track in tracks):
        raise ValueError("tracks is not a list of objects")
    ids = [_whole(track, "id", 1, MAX_ID) for track in tracks]
    if len(set(ids)) != len(ids):
        raise ValueError("a track is there twice")


def _whole(document: Mapping[str, Any], name: str, low: int, high: int) -> int:
    value = document[name]
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name} is not a whole number from {low} to {high}")
    return value
