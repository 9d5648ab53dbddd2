"""Brings the tables of a stack up to date, and gives each database user its rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devstack.process import ProcessFailed
from devstack.service import REPOSITORY

if TYPE_CHECKING:
    from devstack.stack import Stack

GRANTS = ("migrations/region/grants.sql", "migrations/datacentre/grants.sql")


def make_tables(stack: Stack) -> None:
    """Runs `playlog migrate all`, then the files of grants as the administrator."""
    done = stack.run_word("migrate", "all")
    if done.returncode:
        raise ProcessFailed(f"playlog migrate all failed with status {done.returncode}:\n{done.stdout}{done.stderr}")
    for name in GRANTS:
        stack.mariadb.execute((REPOSITORY / name).read_text())
