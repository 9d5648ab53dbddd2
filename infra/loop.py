"""Converges and verifies as a program does it: each in a process of its own, its result as data."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.wheels import ROOT, Release


@dataclass(frozen=True)
class Converged:
    """What a converge did: its exit status, and its steps as infra.converge notes them."""

    status: int
    steps: list[dict[str, Any]]
    said: str = ""

    @property
    def changed(self) -> list[str]:
        """The steps that changed something, as `promise: step`."""
        return [f"{step['promise']}: {step['step']}" for step in self.steps if step["is_changed"]]

    @property
    def seconds(self) -> dict[str, float]:
        """How long each promise took."""
        found: dict[str, float] = {}
        for step in self.steps:
            found[step["promise"]] = found.get(step["promise"], 0.0) + step["seconds"]
        return found


@dataclass(frozen=True)
class Verified:
    """What a verification found: by host and promise the tests that failed."""

    status: int
    failed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    said: str = ""

    @property
    def broken(self) -> set[str]:
        """The promises that aren't kept on some host."""
        return {promise for promises in self.failed.values() for promise in promises}


@dataclass(frozen=True)
class Loop:
    """Converge and verify on an environment's hosts, or on one. `is_quiet`: what they say is kept for whoever asks."""

    env: str
    environ: Mapping[str, str]
    is_quiet: bool = False
    only: str | None = None

    def converge(self, release: Release, *more: str) -> Converged:
        """Runs to its end, whatever comes of it."""
        status, noted, said = self._run("infra.converge", release, *more)
        return Converged(status, noted or [], said)

    def verify(self, release: Release, *more: str) -> Verified:
        """Runs to its end, whatever comes of it."""
        status, noted, said = self._run("infra.verify", release, *more)
        return Verified(status, noted or {}, said)

    def command(self, module: str, release: Release, *more: str) -> list[str]:
        """The program, with what both share."""
        archive = ["--archive", str(release.archive)] if release.archive else []
        only = ["--host", self.only] if self.only else []
        return [sys.executable, "-m", module, "--env", self.env, "--release", release.name, *archive, *only, *more]

    def _run(self, module: str, release: Release, *more: str) -> tuple[int, Any, str]:
        with tempfile.NamedTemporaryFile(suffix=".json") as note:
            done = subprocess.run(
                [*self.command(module, release, *more), "--json", note.name],
                env=dict(self.environ),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.is_quiet else None,
                stderr=subprocess.STDOUT if self.is_quiet else None,
                text=True,
                check=False,
            )
            text = Path(note.name).read_text()
            return done.returncode, json.loads(text) if text else None, done.stdout or ""
