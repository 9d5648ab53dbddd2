"""JSON pointers (RFC 6901): where in a body something is wrong."""

from collections.abc import Sequence

Path = Sequence[str | int]


def pointer(path: Path) -> str:
    """The pointer to a place in a document."""
    text = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    # A key may hold what UTF-8 can't: then the reply couldn't be written.
    return text.encode("utf-8", "backslashreplace").decode()


def index_of(path: Path) -> int | None:
    """The number of the log that a place belongs to; None for a place outside the logs."""
    return path[1] if len(path) > 1 and isinstance(path[1], int) else None
