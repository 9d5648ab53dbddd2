"""What `make test` takes of the long proofs: three of them, another three with each commit."""

import hashlib
import random
import subprocess
from collections.abc import Sequence
from typing import TypeVar

from infra.wheels import ROOT

T = TypeVar("T")
NUMBER = 3


def commit() -> str:
    """The commit's hash; where there is none, the tests are always the same."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"


def chosen(of: Sequence[T], by: str) -> list[T]:
    """NUMBER of these, picked by a text: the same text picks the same."""
    seed = int.from_bytes(hashlib.sha256(by.encode()).digest())
    return random.Random(seed).sample(list(of), min(NUMBER, len(of)))
