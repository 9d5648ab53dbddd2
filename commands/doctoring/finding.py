"""What the doctor found of one thing: right, wrong and what to change, or out of reach."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["right", "wrong", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One check. `found` is what is there; `advice` says what to change, or why it couldn't be looked at."""

    part: str
    name: str
    state: State
    found: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Rule:
    """What one setting has to be. `is_right` judges its text; `right` says it in words, `why` the reason."""

    name: str
    is_right: Callable[[str], bool]
    right: str
    why: str


def judge(part: str, found: Mapping[str, str], rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """Each rule against the settings that were found. One that the server doesn't know is left out."""
    for rule in rules:
        value = found.get(rule.name)
        if value is None:
            continue
        if rule.is_right(value):
            yield Finding(part, rule.name, "right", value)
        else:
            yield Finding(part, rule.name, "wrong", value, f"Set {rule.name} to {rule.right}: {rule.why}.")


def at_least(least: int) -> Callable[[str], bool]:
    """A number no smaller; -1, where it stands for no limit, isn't smaller either."""
    return lambda value: int(value) >= least or int(value) == -1


def one_of(*values: str) -> Callable[[str], bool]:
    """One of these words, in any case."""
    return lambda value: value.upper() in values
