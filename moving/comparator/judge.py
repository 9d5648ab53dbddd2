"""Says of three answers, the legacy API's, its second one, and ours, whether ours says the same beyond noise."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from moving.comparator.canonical import Answer, fields_of, name_of
from moving.comparator.told import FAILED_FROM

Verdict = Literal["equal", "noise", "differs", "slower", "failed"]
#: Those that say that ours can take over.
EQUAL_BEYOND_NOISE = frozenset({"equal", "noise", "slower"})
#: What is quicker than this is never slow: it would be the machine that is measured.
SLOW_SECONDS = 0.05
MOST_FIELDS, MOST_CHARACTERS = 20, 200


class FieldDifference(NamedTuple):
    """One place, and what each says there; None where there is nothing."""

    place: str
    legacy: str | None
    ours: str | None


class Judgement(NamedTuple):
    """A verdict, and the places that speak for it."""

    verdict: Verdict
    fields: tuple[FieldDifference, ...] = ()


def judge(
    legacy: Answer, again: Answer, ours: Answer | None, ignored: Iterable[str] = (), slower_factor: float = 2.0
) -> Judgement:
    """What the legacy API says differently the second time is noise: there ours may say what it likes.

    - failed: ours gave no answer, or a 5xx where the legacy API gave none;
    - differs: in a place that isn't noise, nor among `ignored` (names without numbers, or what is above them);
    - noise: in places that are noise alone;
    - slower: says the same, but took more than `slower_factor` times as long.
    """
    if ours is None or (ours.status >= FAILED_FROM and legacy.status < FAILED_FROM):
        return Judgement("failed")
    first, second, other = fields_of(legacy), fields_of(again), fields_of(ours)
    found = _differences(first, other)
    noisy = {each.place for each in _differences(first, second)}
    above = tuple(ignored)
    found = [each for each in found if not _is_ignored(name_of(each.place), above)]
    beyond = [each for each in found if each.place not in noisy]
    if beyond:
        return Judgement("differs", _shown(beyond))
    if found:
        return Judgement("noise", _shown(found))
    if ours.seconds > max(SLOW_SECONDS, slower_factor * legacy.seconds):
        return Judgement("slower")
    return Judgement("equal")


def _differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[FieldDifference]:
    places = [*one, *(place for place in other if place not in one)]
    return [
        FieldDifference(place, one.get(place), other.get(place))
        for place in places
        if one.get(place) != other.get(place)
    ]


def _is_ignored(name: str, ignored: Iterable[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in ignored)


def _shown(found: list[FieldDifference]) -> tuple[FieldDifference, ...]:
    return tuple(FieldDifference(each.place, _cut(each.legacy), _cut(each.ours)) for each in found[:MOST_FIELDS])


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
