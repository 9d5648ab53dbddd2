"""Made-up names of artists, labels, releases and tracks, in several scripts, with what XML has to escape."""

import random
from collections.abc import Sequence

FIRST = (
    *("Amber", "Blue", "Copper", "Distant", "Electric", "Final", "Golden", "Hollow", "Inner", "Jade", "Kind", "Late"),
    *("Midnight", "Northern", "Open", "Paper", "Quiet", "Red", "Silver", "Tall", "Under", "Velvet", "Warm", "Young"),
)
SECOND = (
    *("Anchors", "Bells", "Circles", "Doors", "Embers", "Fields", "Gardens", "Harbour", "Islands", "Journey", "Kites"),
    *("Lanterns", "Mirrors", "Nights", "Oceans", "Pilots", "Rivers", "Signals", "Towers", "Valley", "Windows", "Years"),
)
#: What real titles have: accents, other scripts, an emoji, and characters that mean something to XML and JSON.
SPECIAL = (
    *("Été à Évian", "Дальний свет", "東京の夜", "서울의 밤", "Señal & Ruido", 'The "Last" Word', "R<3", "Größe"),
    *("Łódź 1984", "Música Lenta", "Hjem på ny", "Night 🎵 Drive", "It's O'Clock", "50% Off", "C:\\Music"),
)
GENRES = ("pop", "rock", "jazz", "classical", "electronic", "folk", "hip hop/rap", "metal", "soul", "world")
VERSIONS = ("", "", "", "", "Album Version", "Live", "Remastered", "Explicit Version")


def name(rng: random.Random) -> str:
    """Two words, and now and then one of the special ones."""
    if rng.random() < 0.06:
        return rng.choice(SPECIAL)
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)}"


def slug(words: str, number: int) -> str:
    """A part of a path: ASCII letters and hyphens, and a number that makes it its own."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words.lower())
    return f"{'-'.join(part for part in plain.split('-') if part) or 'x'}-{number}"


def pick_some(rng: random.Random, values: Sequence[str], most: int) -> str:
    """A few of the values, joined by commas."""
    return ",".join(sorted(rng.sample(values, rng.randint(1, most))))
