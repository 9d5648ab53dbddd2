"""Makes releases out of a seed: tracks, rights and prices, as rows of the tables."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from catalogue.feed.tables import Row
from catalogue.sample.names import GENRES, VERSIONS, name, pick_some, slug

#: Above what real feeds have: a sample never meets a feed's ids.
FIRST_RELEASE_ID = 100_000_001
TRACK_IDS_A_RELEASE = 30
FIRST_TRACK_ID = 1_000_000_001
FIRST_ARTIST_ID = FIRST_LABEL_ID = FIRST_LICENSOR_ID = 100_000_001
LABELS, LICENSORS = 40, 6
#: So many releases share an artist.
RELEASES_AN_ARTIST = 5
#: Share of releases by how many tracks they have; ten on average.
TRACK_COUNTS = (1, 1, 2, 3, 8, 10, 11, 12, 12, 13, 14, 14, 15, 16, 18)
#: Countries beside the first in which a release may be sold, with their currencies.
ABROAD = (("US", "USD"), ("DE", "EUR"), ("FR", "EUR"), ("JP", "JPY"))
HOME = ("GB", "GBP")
USES = (("download", 0.97), ("subscriptionStreaming", 0.95), ("adSupportedStreaming", 0.5))


@dataclass
class Rows:
    """Rows of each table, for some releases."""

    artists: dict[int, Row] = field(default_factory=dict)
    labels: dict[int, Row] = field(default_factory=dict)
    licensors: dict[int, Row] = field(default_factory=dict)
    releases: list[Row] = field(default_factory=list)
    tracks: list[Row] = field(default_factory=list)
    rights: list[Row] = field(default_factory=list)
    prices: list[Row] = field(default_factory=list)
    formats: list[Row] = field(default_factory=list)


def make_releases(numbers: range, seed: int, today: datetime) -> Rows:
    """The releases of these numbers, from 0. `today` is midnight, UTC without a zone: a few come out only after it."""
    rows = Rows()
    for number in numbers:
        _make_release(rows, number, random.Random(f"{seed}:{number}"), today)
    return rows


def _make_release(rows: Rows, number: int, rng: random.Random, today: datetime) -> None:
    release_id = FIRST_RELEASE_ID + number
    artist_id, artist = _artist(rows, number)
    label, licensor = rng.randrange(LABELS), rng.randrange(LICENSORS)
    label_id, licensor_id = FIRST_LABEL_ID + label, FIRST_LICENSOR_ID + licensor
    rows.labels[label_id] = (label_id, f"Label {label}")
    rows.licensors[licensor_id] = (licensor_id, f"Licensor {licensor}")
    title, year = name(rng), 1960 + rng.randrange(66)
    count = rng.choice(TRACK_COUNTS)
    seconds = [rng.randint(61, 480) for _ in range(count)]
    is_explicit = rng.random() < 0.08
    starts_at = _start(rng, year, today)
    kind = "Single" if count < 4 else "Album"
    rows.releases.append(
        (
            *(release_id, title, rng.choice(VERSIONS), kind, f"{rng.randrange(10**13):013}", year, is_explicit),
            *(artist_id, artist, label_id, licensor_id, sum(seconds), count, slug(title, number)),
            *(f"https://artwork.example/{release_id}_<$size$>.jpg", f"https://shop.example/release/{release_id}"),
            *(pick_some(rng, GENRES, 3), f"© {year} Label {label}", f"℗ {year} Label {label}", starts_at),
        )
    )
    shops = [HOME, *(shop for shop in ABROAD if rng.random() < 0.1)]
    ends_at = starts_at + timedelta(days=rng.randint(400, 4_000)) if rng.random() < 0.02 else None
    _sell(rows, (release_id, 0), shops, (starts_at, ends_at), Decimal(count) * Decimal("0.79"), rng)
    for place in range(count):
        track_id = FIRST_TRACK_ID + number * TRACK_IDS_A_RELEASE + place
        rows.tracks.append(
            (
                *(track_id, release_id, name(rng), rng.choice(VERSIONS), "audio", f"GBXYZ{track_id % 10**7:07}"),
                *(is_explicit, place + 1, 1, artist_id, artist, seconds[place]),
                *(f"https://shop.example/track/{track_id}", f"℗ {year} Label {label}", Decimal("0.50")),
            )
        )
        _sell(rows, (release_id, track_id), shops, (starts_at, ends_at), Decimal("0.99"), rng)


def _artist(rows: Rows, number: int) -> tuple[int, str]:
    own = number // RELEASES_AN_ARTIST
    artist_id, rng = FIRST_ARTIST_ID + own, random.Random(f"artist:{own}")
    artist = name(rng)
    rows.artists[artist_id] = (artist_id, artist, artist, slug(artist, own), None, False)
    return artist_id, artist


def _start(rng: random.Random, year: int, today: datetime) -> datetime:
    """Most are old; a few come out within the next month."""
    if rng.random() < 0.01:
        return today + timedelta(days=rng.randint(1, 30))
    return min(datetime(year, 1, 1) + timedelta(days=rng.randrange(365)), today)  # noqa: DTZ001 - UTC, as in tables


def _sell(
    rows: Rows,
    place: tuple[int, int],
    shops: list[tuple[str, str]],
    span: tuple[datetime, datetime | None],
    price: Decimal,
    rng: random.Random,
) -> None:
    for use, share in USES:
        if rng.random() < share:
            rows.rights += [(*place, use, country, *span, None) for country, _ in shops]
    for country, currency in shops:
        rows.prices.append((*place, country, 2, currency, price, price))
        rows.formats.append((*place, country, 2, 17))
        if rng.random() < 0.2:
            rows.formats.append((*place, country, 2, 45))
