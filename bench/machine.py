"""What was measured on: a figure without its machine and versions means little."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from devstack.programs import program
from devstack.service import REPOSITORY

LIBRARIES = ("flask", "gunicorn", "confluent-kafka", "orjson", "jsonschema-rs", "mysqlclient")


def machine() -> str:
    """Kind of processor, cores, memory, and the versions of everything that was measured."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {os.cpu_count()} cores for everything, {pages / 2**30:.0f} GiB, {platform.system()}"
        f" {platform.release()}\nPython {platform.python_version()}, Kafka {_kafka()},"
        f" {_first('mariadbd', '--version', r'[0-9.]+-MariaDB')}, nginx {_first('nginx', '-v', r'(?<=nginx/)[0-9.]+')},"
        f" {libraries}"
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo").read_text()
    found = re.search(r"^model name\s*: (.+)$", facts, re.MULTILINE)
    return found[1] if found else platform.machine()


def _kafka() -> str:
    found = re.search(r"<kafka.version>(.+)</kafka.version>", (REPOSITORY / "devstack" / "pom.xml").read_text())
    return found[1] if found else "unknown"


def _first(name: str, option: str, pattern: str) -> str:
    done = subprocess.run([program(name), option], capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found[0] if found else f"{name} of an unknown version"
