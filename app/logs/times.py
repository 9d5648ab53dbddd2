"""Reads the instants at which tracks were played, and says whether they are believable."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.logs.limits import FUTURE_TOLERANCE_SECONDS, MAX_AGE_DAYS

#: Shape of an instant, as every stream's JSON Schema has it: a zone is required, up to 9 digits of a second.
INSTANT = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?"
    "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)

_TO_THE_DAY = len("2026-08-08")
_TO_THE_HOUR = len("2026-08-08T12")
_TO_THE_MINUTE = len("2026-08-08T12:00")
_TO_THE_SECOND = len("2026-08-08T12:00:00")
_TO_THE_MICROSECOND = len("2026-08-08T12:00:00.123456")
_OFFSET = len("+02:00")

# By the length of an instant in UTC: how much of it stays, and what is put behind. Digits beyond the sixth are cut,
# never rounded: 23:59:59.9999999 would become tomorrow.
_TAILS = {_TO_THE_SECOND + 1: (_TO_THE_SECOND, ".000000Z")} | {
    _TO_THE_SECOND + 2 + digits: (min(_TO_THE_SECOND + 1 + digits, _TO_THE_MICROSECOND), "0" * (6 - digits) + "Z")
    for digits in range(1, 10)
}

CANONICAL_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Window:
    """The instants that are accepted at one moment. Canonical instants compare as text in the order of time."""

    #: A play is younger than this, and no younger than that.
    after: str
    until: str
    #: The days of the window. A day of the right shape that isn't here doesn't exist, or lies outside.
    days: frozenset[str]


def window_at(now: datetime) -> Window:
    """The window at a moment: less than 61 days back, and 120 s ahead."""
    after = now - timedelta(days=MAX_AGE_DAYS)
    until = now + timedelta(seconds=FUTURE_TOLERANCE_SECONDS)
    return Window(_canonical(after), _canonical(until), _days_around(now.date()))


def _canonical(moment: datetime) -> str:
    # strftime takes a quarter longer, and this is done for every request.
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=4)
def _days_around(today: date) -> frozenset[str]:
    return frozenset((today + timedelta(days=number)).isoformat() for number in range(-MAX_AGE_DAYS - 1, 2))


def in_window(value: str, window: Window) -> str | None:
    """The canonical form of an instant of the right shape: UTC, six digits. None when it isn't in the window."""
    if value[-1] != "Z":
        # Local time with its offset: 0.7 us so, 2.2 us by datetime.
        end = _TO_THE_HOUR if value[-2:] == "00" else _TO_THE_MINUTE
        start = _in_utc(value[:end], value[-_OFFSET:])
        if start is None:
            return None
        value = f"{start}{value[end:-_OFFSET]}Z"
    if value[:_TO_THE_DAY] not in window.days:
        return None
    kept, tail = _TAILS[len(value)]
    canonical = value[:kept] + tail
    return canonical if window.after < canonical <= window.until else None


def to_utc(value: str) -> str | None:
    """The canonical form of an instant of the right shape; None when its day doesn't exist or lies outside of time."""
    end, offset = (-1, "+00:00") if value[-1] == "Z" else (-_OFFSET, value[-_OFFSET:])
    second = _in_utc(value[:_TO_THE_SECOND], offset)
    return None if second is None else f"{second}.{value[_TO_THE_SECOND + 1 : end][:6]:0<6}Z"


@lru_cache(maxsize=4096)
def _in_utc(start: str, offset: str) -> str | None:
    """The beginning of an instant, down to its hour, minute or second, in UTC; None when there is no such moment.

    Offsets have whole minutes, most of them whole hours: what stands behind is the same in UTC. The year 1 minus an
    offset has no date: datetime raises OverflowError.
    """
    zone = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    try:
        moment = datetime.fromisoformat(start)
        return (moment + zone if offset[0] == "-" else moment - zone).isoformat()[: len(start)]
    except (ValueError, OverflowError):
        return None


def explain_instant(value: str, window: Window) -> tuple[str, str] | None:
    """The rule that an instant of the right shape breaks, and the end of the sentence; None when it breaks none."""
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return "calendar", "must be on a day that exists"
    canonical = to_utc(value)
    if canonical is None:
        canonical = value[:4]
    if canonical <= window.after:
        return "past", f"cannot be too much in the past: less than {MAX_AGE_DAYS} days"
    if canonical > window.until:
        return "future", f"cannot be in the future: at most {FUTURE_TOLERANCE_SECONDS} seconds ahead of our clock"
    return None
