"""Lets Maven fetch Kafka's jars into .local/kafka/libs."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from devstack.programs import program
from devstack.setup_system import SetupStopped

POM = Path(__file__).with_name("pom.xml")
STAMP = "playlog-stamp"


def set_up_kafka(root: Path, say: Callable[[str], None]) -> None:
    """Does nothing when the folder was made from this very pom.xml; else fills a new one and moves it into place."""
    libs = root / ".local" / "kafka" / "libs"
    stamp = libs / STAMP
    wanted = hashlib.sha256(POM.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("downloading Kafka, about 60 MB, by Maven")
    making = libs.with_name("libs.making")
    shutil.rmtree(making, ignore_errors=True)
    argv = [program("mvn"), "--batch-mode", "--file", str(POM), "dependency:copy-dependencies"]
    argv += ["-DincludeScope=runtime", f"-DoutputDirectory={making}"]
    if subprocess.run(argv, cwd=root, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupStopped("Kafka can't be downloaded; Maven's messages are above. Mend that and run this again.")
    (making / STAMP).write_text(wanted)
    shutil.rmtree(libs, ignore_errors=True)
    making.rename(libs)
