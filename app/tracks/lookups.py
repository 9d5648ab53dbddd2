"""Makes answers out of albums: what there is, what may be used where, and why something may not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.codes import NOT_AVAILABLE, NOT_FOUND
from app.errors import ApiError
from app.tracks.albums import Album, Albums, NotHere
from app.tracks.answer import ANY_RELEASE, Answer, error_answer, found_answer
from app.tracks.models import release_model, track_model
from app.tracks.query import View
from app.tracks.rights import USAGE_TYPES, Right, Verdict, judge, rights_in, soonest
from common.catalogue import instant


class Asked(NamedTuple):
    """How an answer is to look, in which format, and as of when; and whether the copy holds all that there is."""

    view: View
    form: str
    now: datetime
    is_whole: bool


def track_details(albums: Albums, track_id: int, asked: Asked) -> Answer:
    """A track with the uses that are allowed. Raises Away and NotHere."""
    album = albums.of_tracks([track_id]).get(track_id)
    track = album.track(track_id) if album else None
    if album is None or track is None:
        return _nothing("Track", asked)
    verdict = _judge_track(track, asked)
    refusal = refusal_of("Track", verdict, asked.view.usage_types)
    if refusal is not None:
        return _refused(refusal, verdict, album, asked)
    model = {"track": _track(album, track, verdict, asked)}
    refused = _refused_uses(verdict, asked)
    return found_answer(model, asked.form, verdict.changes_at, (album.release_id,), album.version, refused)


def batch(albums: Albums, track_ids: Sequence[int], asked: Asked, *, shows_errors: bool) -> Answer:
    """Tracks in the order in which they are asked for; one that can't be had is an error beside the others.

    Raises Away and NotHere.
    """
    found = albums.of_tracks(track_ids)
    tracks: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    changes: list[datetime | None] = []
    for track_id in track_ids:
        album = found.get(track_id)
        track = album.track(track_id) if album else None
        if album is None or track is None:
            if not asked.is_whole:
                raise NotHere
            errors.append({"itemId": track_id, "code": NOT_FOUND, "errorMessage": "Track not found"})
            continue
        verdict = _judge_track(track, asked)
        changes.append(verdict.changes_at)
        refusal = refusal_of("Track", verdict, asked.view.usage_types)
        if refusal is None:
            tracks.append(_track(album, track, verdict, asked))
        else:
            errors.append({"itemId": track_id, "code": refusal.code, "errorMessage": refusal.message})
    model = {"items": {"tracks": tracks, "errors": errors if shows_errors else []}}
    # What isn't there may come with any release.
    releases = {album.release_id for album in found.values()} | (
        {ANY_RELEASE} if len(found) < len(set(track_ids)) else set()
    )
    return found_answer(model, asked.form, soonest(changes), tuple(sorted(releases)))


def release_details(albums: Albums, release_id: int, asked: Asked) -> Answer:
    """A release with the uses that are allowed. Raises Away and NotHere."""
    album = albums.of_release(release_id)
    if album is None:
        return _nothing("Release", asked, release_id)
    verdict = _judge_release(album, asked)
    refusal = refusal_of("Release", verdict, asked.view.usage_types)
    if refusal is not None:
        return _refused(refusal, verdict, album, asked)
    view = asked.view
    model = release_model(album.document, _shown(verdict, view), view.country, view.image_size)
    refused = _refused_uses(verdict, asked)
    return found_answer({"release": model}, asked.form, verdict.changes_at, (release_id,), album.version, refused)


def release_tracks(albums: Albums, release_id: int, page: tuple[int, int], asked: Asked) -> Answer:
    """A page of a release's tracks, in its order; each with the uses that are allowed, if any.

    Raises Away and NotHere.
    """
    album = albums.of_release(release_id)
    if album is None:
        return _nothing("Release", asked, release_id)
    verdict = _judge_release(album, asked)
    refusal = refusal_of("Release", verdict, asked.view.usage_types)
    if refusal is not None:
        return _refused(refusal, verdict, album, asked)
    number, size = page
    all_tracks = album.document["tracks"]
    verdicts = [_judge_track(track, asked) for track in all_tracks]
    shown = slice((number - 1) * size, number * size)
    tracks = [_track(album, track, its, asked) for track, its in zip(all_tracks[shown], verdicts[shown], strict=True)]
    model = {"tracks": {"page": number, "pageSize": size, "totalItems": len(all_tracks), "tracks": tracks}}
    changes_at = soonest([verdict.changes_at, *(its.changes_at for its in verdicts)])
    return found_answer(model, asked.form, changes_at, (release_id,), album.version)


def refusal_of(what: str, verdict: Verdict, usage_types: Sequence[str]) -> ApiError | None:
    """Why nothing of it is answered: 2001 when it isn't there, 2002 when it isn't yet, or not for this use."""
    if verdict.holding:
        return None
    if not verdict.is_known:
        return ApiError(404, NOT_FOUND, f"{what} not found")
    if verdict.opens_at is not None:
        return ApiError(404, NOT_AVAILABLE, f"Pre-release availability: from {instant(verdict.opens_at)}")
    uses = ", ".join(name.lower() for name in usage_types)
    return ApiError(404, NOT_AVAILABLE, f"{what} not available for {uses}" if uses else f"{what} not available")


def release_rights(document: Mapping[str, Any], country: str) -> list[Right]:
    """The release's own rights; of a use of which it has none of its own, those of its tracks."""
    own = rights_in(country, document["availability"])
    named = {right.usage_type for right in own}
    for track in document["tracks"]:
        own += [right for right in rights_in(country, track["availability"]) if right.usage_type not in named]
    return own


def _judge_track(track: Mapping[str, Any], asked: Asked) -> Verdict:
    rights = rights_in(asked.view.country, track["availability"])
    return judge(rights, asked.view.usage_types or USAGE_TYPES, asked.now)


def _judge_release(album: Album, asked: Asked) -> Verdict:
    rights = release_rights(album.document, asked.view.country)
    return judge(rights, asked.view.usage_types or USAGE_TYPES, asked.now)


def _track(album: Album, track: Mapping[str, Any], verdict: Verdict, asked: Asked) -> dict[str, Any]:
    view = asked.view
    return track_model(album.document, track, _shown(verdict, view), view.country, view.image_size)


def _shown(verdict: Verdict, view: View) -> Mapping[str, Right]:
    """The blocks of an answer: of the uses that were asked for by name alone."""
    return verdict.holding if view.usage_types else {}


def _nothing(what: str, asked: Asked, release_id: int = ANY_RELEASE) -> Answer:
    if not asked.is_whole:
        raise NotHere
    return error_answer(ApiError(404, NOT_FOUND, f"{what} not found"), asked.form, None, (release_id,))


def _refused(refusal: ApiError, verdict: Verdict, album: Album, asked: Asked) -> Answer:
    refused = _refused_uses(verdict, asked)
    return error_answer(refusal, asked.form, verdict.changes_at, (album.release_id,), refused)


def _refused_uses(verdict: Verdict, asked: Asked) -> str:
    """Each use that was asked for and doesn't hold, with the moment from which it will."""
    if not asked.view.usage_types:
        return ""
    return ", ".join(
        f"{name.lower()};code={NOT_AVAILABLE}" + (f';from="{instant(moment)}"' if moment else "")
        for name, moment in verdict.refused.items()
    )
