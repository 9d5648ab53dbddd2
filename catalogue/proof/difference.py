"""What a proof finds: a release that isn't the same on both sides."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


class BadFile(Exception):
    """The file holds no differences. The message names file, line and rule."""


@dataclass(frozen=True, order=True)
class Difference:
    """A release, what is wrong with it, and the versions of both sides; None: it isn't there."""

    release_id: int
    what: str
    expected_version: int | None = None
    found_version: int | None = None

    def sentence(self) -> str:
        """For people."""
        pair = (("expected", self.expected_version), ("found", self.found_version))
        said = ", ".join(f"version {version} {word}" for word, version in pair if version is not None)
        return f"release {self.release_id}: {self.what} ({said})" if said else f"release {self.release_id}: {self.what}"


def write_differences(out: TextIO, found: Iterable[Difference]) -> None:
    """A JSON object a line, which repair reads."""
    for each in found:
        versions = {"expectedVersion": each.expected_version, "foundVersion": each.found_version}
        out.write(json.dumps({"releaseId": each.release_id, "what": each.what, **versions}) + "\n")


def read_differences(path: Path) -> list[Difference]:
    """What write_differences() wrote. Raises BadFile."""
    found = []
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path} can't be read: {error}") from None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            each = Difference(row["releaseId"], row["what"], row["expectedVersion"], row["foundVersion"])
            versions = (each.expected_version or 0, each.found_version or 0)
            if type(each.release_id) is not int or not all(type(version) is int for version in versions):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            raise BadFile(f"{path}, line {number}: no line of `playlog catalogue verify --output`") from None
        found.append(each)
    return found
