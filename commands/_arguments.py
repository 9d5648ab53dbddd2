"""Converts the arguments of words, for argparse: what is wrong is said by name of the rule."""

import argparse
from collections.abc import Callable

from common import converters


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`, both included."""
    of_setting = converters.whole(low, high)

    def convert(text: str) -> int:
        try:
            return of_setting(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} {error}") from None

    return convert
