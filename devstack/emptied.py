"""Empties the data centre's tables, and holds a stack's tables: for tests and benchmarks, only with the test mark."""

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager

import MySQLdb

from devstack.mariadb_settings import DATACENTRE
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked

#: Tables whose rows the migrations made.
KEPT = frozenset({"schema_migration", "erasure_version"})


def empty_datacentre(stack: Stack) -> None:
    """The books begin anew. Raises NotMarked."""
    refuse_unmarked(stack)
    tables = [name for name in stack.mariadb.execute("SHOW TABLES", DATACENTRE).split() if name not in KEPT]
    stack.mariadb.execute("".join(f"TRUNCATE TABLE {name};" for name in tables), DATACENTRE)


@contextmanager
def locked(stack: Stack, *tables: str, schema: str = DATACENTRE) -> Iterator[None]:
    """Nobody else reads or writes the tables meanwhile. Raises NotMarked."""
    refuse_unmarked(stack)
    socket = str(stack.mariadb.socket)
    with closing(MySQLdb.connect(unix_socket=socket, user=getpass.getuser(), database=schema)) as holder:
        holder.query("LOCK TABLES " + ", ".join(f"{table} WRITE" for table in tables))
        yield
