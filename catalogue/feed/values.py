"""Turns the cells of a feed into values; each raises ValueError with the rule that was broken."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

MAX_ID = 2**32 - 1
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)
_BARCODE = re.compile(r"[0-9]{6,14}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z", re.ASCII)


def identity(cell: str) -> int:
    """A positive id."""
    return whole(cell, 1, MAX_ID)


def whole(cell: str, low: int, high: int) -> int:
    """A whole number."""
    if not (cell.isascii() and cell.isdigit() and len(cell) < 12 and low <= int(cell) <= high):
        raise ValueError(f"must be a whole number from {low} to {high}")
    return int(cell)


def text(cell: str, most: int) -> str:
    """Any text of at most so many characters."""
    if len(cell) > most:
        raise ValueError(f"must have at most {most} characters, and has {len(cell)}")
    return cell


def title(cell: str) -> str:
    """A title, which nothing can be without."""
    if not cell.strip():
        raise ValueError("must not be blank")
    return text(cell, 500)


def truth(cell: str) -> bool:
    """true or false."""
    if cell.lower() not in {"true", "false"}:
        raise ValueError("must be true or false")
    return cell.lower() == "true"


def instant(cell: str) -> datetime:
    """A moment in UTC, without its zone, as tables have it; of seven digits after the second six are kept."""
    if not _INSTANT.fullmatch(cell):
        raise ValueError("must be a moment in UTC like 2014-02-05T00:00:00Z")
    whole_seconds, _, fraction = cell.removesuffix("Z").partition(".")
    moment = datetime.fromisoformat(whole_seconds).replace(tzinfo=UTC)
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0") or 0), tzinfo=None)


def money(cell: str) -> Decimal:
    """An amount with at most two decimals."""
    try:
        amount = Decimal(cell)
    except InvalidOperation:
        raise ValueError("must be an amount like 0.99") from None
    if not amount.is_finite() or not 0 <= amount < 10**8 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("must be an amount like 0.99")
    return amount.quantize(Decimal("0.01"))


def isrc(cell: str) -> str:
    """An ISRC without hyphens; well-formed is all that is asked (isrc.ifpi.org, structure)."""
    found = cell.upper().replace("-", "").replace(" ", "")
    if not _ISRC.fullmatch(found):
        raise ValueError("must be an ISRC of 12 characters")
    return found


def barcode(cell: str) -> str:
    """A barcode: digits, of which leading zeros are part."""
    if not _BARCODE.fullmatch(cell):
        raise ValueError("must be a barcode of 6 to 14 digits")
    return cell


def formats(cell: str) -> tuple[int, ...]:
    """Format ids, separated by commas; none is allowed."""
    return tuple(sorted({identity(part.strip()) for part in cell.split(",") if part.strip()}))


def slug_in(url: str, word: str) -> str | None:
    """What follows a word in the path of a shop's URL: /artist/blink-182/release/… has the artist's slug."""
    parts = url.partition("?")[0].split("/")
    if word not in parts[:-1]:
        return None
    return parts[parts.index(word) + 1][:255] or None
