"""Which edition of a day's report a run makes: the first, the newest once more, or a revision of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


class NoRevision(Exception):
    """There is nothing to revise, or nothing that a revision would change. The message says which."""


@dataclass(frozen=True)
class Edition:
    """A report's number, and of a revision the manifest that it supersedes (SHA-256), why, and who says so."""

    revision: int = 1
    supersedes: str | None = None
    reason: str | None = None
    operator: str | None = None


@dataclass(frozen=True)
class Wish:
    """A revision that an operator asks for."""

    reason: str
    operator: str


@dataclass(frozen=True)
class HandedOver:
    """A row of the report table: an edition, and the manifest that was handed over with it."""

    revision: int
    state: str
    manifest_sha256: bytes
    reason: str | None = None
    operator: str | None = None
    hook_state: str = "none"
    hook_tries: int = 0
    #: What its page says beside the day's own data (reports/context.py); none of an earlier version of Playlog.
    context: str | None = None


def newest(known: Sequence[HandedOver]) -> Edition:
    """The newest edition of a day, or the first while nothing was handed over."""
    if not known:
        return Edition()
    last = known[-1]
    return Edition(last.revision, _sha(known[:-1]), last.reason, last.operator)


def revised(known: Sequence[HandedOver], wish: Wish) -> Edition:
    """The edition after the newest. Raises NoRevision while there is none."""
    if not known:
        raise NoRevision("it has no final report yet: make that first")
    return Edition(known[-1].revision + 1, _sha(known), wish.reason, wish.operator)


def _sha(known: Sequence[HandedOver]) -> str | None:
    return known[-1].manifest_sha256.hex() if known else None
