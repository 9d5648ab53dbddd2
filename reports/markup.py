"""Writes numbers and moments into HTML: easy to read, and plain digits when they are copied."""

import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    import jinja2

FOLDER = Path(__file__).with_name("templates")
#: Where nothing is known, or there is nothing to divide by.
UNKNOWN = "–"


def number(value: float | None) -> Markup:
    """A whole number whose thousands stand apart by style alone: copied, it is digits for a spreadsheet."""
    if value is None:
        return Markup("–")
    sign, digits = ("-", f"{-value:.0f}") if value < 0 else ("", f"{value:.0f}")
    head = len(digits) % 3 or 3
    groups = [digits[begin : begin + 3] for begin in range(head, len(digits), 3)]
    return Markup(sign + digits[:head] + "".join(f"<span class=k>{group}</span>" for group in groups))  # noqa: S704 - digits


def share(part: int, whole: int) -> str:
    """A part in per cent; a dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else UNKNOWN


def change(now: int, then: int | None) -> str:
    """How much more or less than then, in per cent; a dash where nothing is known or was."""
    return f"{100 * (now - then) / then:+.1f} %".replace("-", "−") if then else UNKNOWN


@cache
def environment() -> "jinja2.Environment":
    """The pages' templates, with the filters above. Everything is escaped that isn't Markup."""
    # Imported where it works: most words only look at reports.
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["n"] = number
    # A command that is shown is copied into a shell.
    made.filters["quoted"] = shlex.quote
    made.globals.update(share=share, change=change)
    return made
