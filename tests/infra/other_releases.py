"""Releases other than this clone's own, for a host to be brought to: one that works, and one that doesn't."""

import base64
import hashlib
import tarfile
import tempfile
import zipfile
from pathlib import Path

from infra.wheels import Release, pack

PLAYLOG = "playlog-"


def changed(release: Release, folder: Path, path: str, added: str) -> Release:
    """The release with these lines added at the end of one of Playlog's own files; its archive lies in `folder`."""
    assert release.archive is not None
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as unpacked:
        with tarfile.open(release.archive) as archive:
            archive.extractall(unpacked, filter="data")
        wheels = sorted(Path(unpacked).glob("*.whl"))
        (own,) = (wheel for wheel in wheels if wheel.name.startswith(PLAYLOG))
        _add(own, path, added)
        return pack(wheels, folder)


def _add(wheel: Path, path: str, added: str) -> None:
    """Writes the wheel anew; its RECORD has the hash of each file, which pip looks at."""
    with zipfile.ZipFile(wheel) as old:
        files = {name: old.read(name) for name in old.namelist()}
    files[path] += f"\n{added}\n".encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest()).rstrip(b"=").decode()
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    lines = files[record].decode().splitlines()
    files[record] = "".join(
        f"{path},sha256={digest},{len(files[path])}\n" if line.startswith(f"{path},") else f"{line}\n" for line in lines
    ).encode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
