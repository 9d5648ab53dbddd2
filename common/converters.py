"""Turns the text of a setting into its value; each raises ValueError with the rule that was broken."""

from collections.abc import Callable
from pathlib import Path


def text(value: str) -> str:
    """Any text that isn't blank."""
    if not value.strip():
        raise ValueError("must not be blank")
    return value.strip()


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`, both included."""

    def convert(value: str) -> int:
        # int() alone would take "1_000", " 5" and other scripts' digits.
        # int() also refuses 5,000 digits, with a rule of its own.
        if not (value.isascii() and value.isdigit() and len(value) < 20 and low <= int(value) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return convert


def number(low: float, high: float) -> Callable[[str], float]:
    """A decimal number from `low` to `high`, both included."""

    def convert(value: str) -> float:
        try:
            result = float(value)
        except ValueError:
            raise ValueError(f"must be a number from {low} to {high}") from None
        if not low <= result <= high:
            raise ValueError(f"must be a number from {low} to {high}")
        return result

    return convert


def one_of(*choices: str) -> Callable[[str], str]:
    """One of the given words."""

    def convert(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return convert


def secret(value: str) -> str:
    """A secret of at least 32 characters."""
    if len(value) < 32:
        raise ValueError("must have at least 32 characters; make one with `openssl rand -hex 32`")
    return value


def certificates(value: str) -> str:
    """The path of a file with certificates in PEM."""
    path = Path(text(value))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"can't be read ({error.strerror}): it must be the file of a CA's certificates") from None
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise ValueError("holds no certificate in PEM")
    return str(path)


def address(value: str) -> tuple[str, int]:
    """HOST:PORT."""
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("must be HOST:PORT, for example 127.0.0.1:8000")
    return host, int(port)
