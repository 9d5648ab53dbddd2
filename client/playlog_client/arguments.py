"""Converts arguments for argparse: what is wrong is said by the rule."""

import argparse
from collections.abc import Callable


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`, both included."""

    def convert(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from {low} to {high}")
        return int(text)

    return convert


def settlement(text: str) -> tuple[str, bool]:
    """A key, and whether its batch was kept."""
    key, _, what = text.rpartition("=")
    if not key or what not in {"kept", "lost"}:
        raise argparse.ArgumentTypeError(f"{text!r} must be a key with =kept or =lost")
    return key, what == "kept"


def seconds(text: str) -> float:
    """A length of time above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} must be a number of seconds above 0")
    return value
