"""Reads typed settings from the environment, once, and refuses to start on a bad one."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
_NO_DEFAULT = object()


class BadSettings(Exception):
    """One or more settings are missing or wrong. `problems` has a sentence for each, naming the variable."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def setting(
    name: str, convert: Callable[[str], T], about: str, default: T | object = _NO_DEFAULT, *, secret: bool = False
) -> Any:
    """A dataclass field that is read from the environment variable `name`.

    `convert` turns the text into the value and raises ValueError with a rule ("must be …"). A secret is kept out of
    the instance's repr. Without a default the variable must be set.
    """
    metadata = {"name": name, "convert": convert, "about": about, "default": default, "secret": secret}
    return dataclasses.field(metadata=metadata, repr=not secret)


def load(kind: type[T], environ: Mapping[str, str]) -> T:
    """An instance of the frozen dataclass `kind`, each field read as its `setting` says.

    Fields whose type is itself such a dataclass are read in turn. Raises BadSettings with all problems at once.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if "name" not in field.metadata:
            try:
                values[field.name] = load(field.metadata["group"], environ)
            except BadSettings as bad:
                problems.extend(bad.problems)
            continue
        try:
            values[field.name] = _read(field.metadata, environ)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise BadSettings(problems)
    try:
        return kind(**values)
    except ValueError as error:  # a __post_init__ that finds two settings at odds
        raise BadSettings([str(error)]) from error


@dataclasses.dataclass(frozen=True)
class Declared:
    """A setting as it is declared: `default` is None where it has to be set."""

    name: str
    about: str
    default: Any
    is_needed: bool
    is_secret: bool


def declared(kind: type[Any]) -> list[Declared]:
    """The settings of a dataclass and of those in it, in their order."""
    found: list[Declared] = []
    for field in dataclasses.fields(kind):
        about = field.metadata
        if "name" not in about:
            found += declared(about["group"])
            continue
        is_needed = about["default"] is _NO_DEFAULT
        default = None if is_needed else about["default"]
        found.append(Declared(about["name"], about["about"], default, is_needed, about["secret"]))
    return found


def group(kind: type[T]) -> Any:
    """A field that holds another dataclass of settings."""
    return dataclasses.field(metadata={"group": kind})


def _read(metadata: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    name = metadata["name"]
    text = environ.get(name)
    if text is None or text == "":
        if metadata["default"] is _NO_DEFAULT:
            raise ValueError(f"{name} is not set: {metadata['about']}.")
        return metadata["default"]
    try:
        return metadata["convert"](text)
    except ValueError as error:
        shown = "its value" if metadata["secret"] else repr(text)
        raise ValueError(f"{name}: {shown} {error}.") from error
