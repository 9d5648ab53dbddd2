"""Every sentence by which a start is refused or a persister stops, with … where a name or a number is put in."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.unit.tooling.repository import ROOT

#: Where a start is refused. What converters say of a value is the end of a sentence of common/config.py.
FILES = (
    "common/config.py",
    "common/environment.py",
    "common/kafka_link.py",
    "common/topic_rules.py",
    "app/checks.py",
    "consumer/checks.py",
    "migrations/config.py",
    "moving/comparator/service.py",
)

#: Where a persister stops.
STOPS = ("assignment.py", "work.py", "loop.py", "trouble.py", "flush.py")


def stops() -> list[str]:
    """What a persister says when it stops."""
    found: list[str] = []
    for name in STOPS:
        for node in ast.walk(ast.parse((ROOT / "consumer" / name).read_text())):
            match node:
                case ast.Call(func=ast.Name(id="Stop"), args=[said]):
                    text = _text(said)
                    assert text is not None, f"{name}:{node.lineno} stops with something that isn't read here"
                    found.append(text)
    return found


def refusals() -> list[str]:
    """All of them, in the order of the files."""
    return [sentence for name in FILES for sentence in _sentences(ROOT / name)]


def _sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside: set[ast.AST] = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if node in docstrings or node in inside:
            continue
        text = _text(node)
        if text is not None and " " in text and text.endswith("."):
            yield text


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
        return "".join(parts)
    return None
