"""What an operator does with `playlog move`, in the tests' own process."""

import contextlib
import io
import json
import subprocess
from typing import Any

from commands.__main__ import main
from common.config import load
from common.database import connect
from devstack.stack import Stack
from moving import table
from moving.config import MoveConfig
from moving.plan import Move, Plan, Step
from tests.integration.topic_rig import eventually

DETAILS = "/1.2/track/details"


class Operator:
    """One who moves URLs on a stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def put(self, *moves: Move, shadow: float = 0.0) -> None:
        """A whole plan as one version, where each word would make one of its own."""
        at = load(MoveConfig, self.stack.environ("move"))
        with contextlib.closing(connect(at.region.database, at.region.password)) as connection:
            before = table.newest(connection)
            if (before.moves, before.shadow) == (moves, shadow):
                return
            version = before.version + 1
            table.append(connection, Step(Plan(version, moves, shadow), "put", "as a test wants it", "test"))
            eventually(lambda: {each.version for each in table.instances(connection)} == {version}, "it is served", 10)

    def word(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """`playlog move …` to its end."""
        return self._playlog("move", *arguments)

    def _playlog(self, word: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """In this process: one of its own takes a third of a second to begin."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([word, *arguments], self.stack.environ(word))
            except SystemExit as wrong_usage:
                status = int(wrong_usage.code or 0)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    def does(self, *arguments: str) -> str:
        """The same, which has to succeed; what it prints."""
        done = self.word(*arguments)
        if done.returncode:
            raise AssertionError(f"playlog move {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def makes(self, *arguments: str) -> str:
        """As `does`, without waiting until nginx has it."""
        done = self.word(*arguments, "--wait", "0")
        if done.returncode not in {0, 75}:
            raise AssertionError(f"playlog move {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def add(self, *arguments: str, path: str = DETAILS) -> int:
        """Moves something past the gate, and returns the move's number."""
        self.does("add", "--path", path, *arguments, "--force", "--reason", "a test")
        return int(self.plan()["moves"][-1]["number"])

    def plan(self) -> dict[str, Any]:
        """What `list --json` says."""
        found: dict[str, Any] = json.loads(self.does("list", "--json"))
        return found

    def history(self) -> list[dict[str, Any]]:
        """What `history --json` says, the newest first."""
        found: list[dict[str, Any]] = json.loads(self.does("history", "--json"))
        return found
