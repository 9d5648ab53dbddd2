"""What each word of playlog reads from the environment, and what is wrong with an environment for it."""

from collections.abc import Mapping
from typing import Any

from commands._settings import CONFIGS, kinds_of
from common.config import BadSettings, declared, load

#: The words that containers run, each with the settings that it loads.
READ_BY: Mapping[str, tuple[type[Any], ...]] = {word: kinds_of(word) for word in CONFIGS if word != "acls"}


def stand_in(secret: str) -> str:
    """A value that a word takes for a secret of this name."""
    return f"stand-in:{'0f' * 32}" if secret == "CLIENT_SECRET_KEYS" else "x" * 40


def names_of(word: str) -> set[str]:
    """The names that a word reads."""
    return {each.name for kind in READ_BY[word] for each in declared(kind)}


def problems_of(word: str, environ: Mapping[str, str]) -> list[str]:
    """What stops a word that is started with this environment."""
    found: list[str] = []
    for kind in READ_BY[word]:
        try:
            load(kind, environ)
        except BadSettings as bad:
            found.extend(bad.problems)
    return found
