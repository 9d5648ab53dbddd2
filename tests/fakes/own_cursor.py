"""What fake connections share: each is its own cursor."""

from typing import Self


class OwnCursor:
    """Entered and left like a cursor of the driver; who inherits answers execute() and fetchall()."""

    def cursor(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
