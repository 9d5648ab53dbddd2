"""Puts an edition's files in their place: new ones, or what is missing of those that were handed over already.

An earlier version of Playlog made other pages and manifests. Those two are kept as they are, for nobody can make them
again; what they say of the data must be what is found now.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from reports.handover import Changed, describe_difference, is_same, place_final
from reports.manifest import FORMAT, NAME
from reports.page import NAME as PAGE


def place_edition(made: Path, kept: Path, names: list[str], handed_over: bytes | None) -> list[str]:
    """Returns the names of the files that were written; `handed_over` is the manifest's SHA-256 in the report table.

    Raises Changed when the edition was handed over with other contents.
    """
    digest = hashlib.sha256((made / NAME).read_bytes()).digest()
    if handed_over is None or handed_over == digest:
        return place_final(made, kept, names, is_known=handed_over is not None)
    written = _settle_earlier(made, kept, names, handed_over)
    if written is None:
        different = [name for name in names if not is_same(made / name, kept / name)]
        raise Changed(describe_difference(made, kept, different or [NAME]))
    return written


def _settle_earlier(made: Path, kept: Path, names: list[str], manifest_sha256: bytes) -> list[str] | None:
    """Makes good what is missing of its data files; returns their names, or None when this version made the report.

    Raises Changed when the data differs, or when the page or the manifest is gone or isn't what was handed over.
    """
    try:
        text = (kept / NAME).read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(text).digest() != manifest_sha256:
        return None
    then, now = json.loads(text), json.loads((made / NAME).read_bytes())
    if then.get("format", 1) >= FORMAT:
        return None
    if _data(then) != _data(now):
        different = [name for name in names if not is_same(made / name, kept / name)]
        raise Changed(describe_difference(made, kept, different))
    page = kept / PAGE
    if not page.exists() or hashlib.sha256(page.read_bytes()).hexdigest() != then["files"][PAGE]["sha256"]:
        raise Changed(
            f"{PAGE}, which an earlier version of Playlog made: get it from a backup,"
            " or make the next edition by --revise"
        )
    return place_final(made, kept, [name for name in names if name not in (NAME, PAGE)], is_known=True)


def _data(document: dict[str, Any]) -> dict[str, Any]:
    """What a manifest says, without its own format and the page."""
    files = {name: facts for name, facts in document["files"].items() if name != PAGE}
    return {name: value for name, value in document.items() if name != "format"} | {"files": files}
