"""The two operations that most promises are made of, beside pyinfra's own: a question with its repair, and a file.

Both ask first and change only what isn't so. A repair that was cut off goes on by itself on the host, since nobody
tells it; so each holds one lock there, and the next converge waits for it instead of working beside it.
"""

import hashlib
import io
import shlex
from collections.abc import Generator
from typing import Any

from pyinfra.api.command import FileUploadCommand, PyinfraCommand, StringCommand
from pyinfra.api.facts import FactBase
from pyinfra.api.operation import operation
from pyinfra.context import host
from pyinfra.operations import files, server
from typing_extensions import override

#: Gone with the host's next boot: what was uploaded and never put in place leaves nothing.
INCOMING = "/run/playlog-converge"
LOCK = f"{INCOMING}.lock"
LOCK_SECONDS = 600


class Holds(FactBase[bool]):
    """Whether a question in shell, asked on the host, ends with 0."""

    @override
    def command(self, question: str) -> str:
        return f"if ( {question} ) >/dev/null 2>&1; then echo yes; else echo no; fi"

    @override
    def process(self, output: list[str]) -> bool:
        return output[-1:] == ["yes"]


def alone(script: str) -> StringCommand:
    """A repair under the host's lock: it stops at the first of its lines that fails."""
    return StringCommand(f"flock -w {LOCK_SECONDS} {LOCK} sh -ec {shlex.quote(script)}")


def hold(question: str, repair: str, name: str) -> None:
    """Runs `repair` where `question` isn't so; both are of the shell. The question must be so afterwards.

    The repair may be asked for though an earlier run, that was cut off, is just done with it: it has to bear that.
    """
    _of_pyinfra(_hold)(question, repair, name=name)


def send(question: str, source: str, target: str, repair: str, name: str) -> None:
    """Uploads the file `source` to `target` and runs `repair`, where `question` isn't so."""
    _of_pyinfra(_send)(question, source, target, repair, name=name)


def place(
    path: str, content: str | bytes, name: str, owner: str = "root:root", mode: str = "644", check: str = "true"
) -> None:
    """A file with this content, owner and mode, put in place in one step.

    `check` is of the shell, and looks at the new file, "$NEW", before it takes the former one's place: when it fails,
    the former one stays.
    """
    _of_pyinfra(_place)(path, content, owner, mode, check, name=name)


def directory(path: str, owner: str, mode: str, name: str) -> None:
    """A folder with this owner, the group of the same name, and this mode."""
    _of_pyinfra(files.directory)(path, user=owner, group=owner, mode=mode, name=name)


def system_user(user: str, home: str, shell: str) -> None:
    """A system user with a group of its own; its home is made elsewhere."""
    _of_pyinfra(server.group)(user, system=True, name=f"the group {user}")
    of_user: dict[str, Any] = {"home": home, "shell": shell, "group": user, "system": True, "ensure_home": False}
    _of_pyinfra(server.user)(user, **of_user, name=f"the user {user}")


def _of_pyinfra(called: Any) -> Any:
    """An operation as it is called: its hints put pyinfra's own arguments first, which nobody gives by position."""
    return called


@operation()
def _hold(question: str, repair: str) -> Generator[PyinfraCommand, None, None]:
    if host.get_fact(Holds, question):
        host.noop(f"holds: {question}")
        return
    yield alone(repair)
    # Else the promise would be called kept, and made anew with each converge.
    yield alone(f"( {question} ) || {{ echo 'still not so: '{shlex.quote(question)} >&2; exit 1; }}")


@operation()
def _send(question: str, source: str, target: str, repair: str) -> Generator[PyinfraCommand, None, None]:
    if host.get_fact(Holds, question):
        host.noop(f"holds: {question}")
        return
    yield alone(f"install -d -m 700 {INCOMING}")
    yield FileUploadCommand(source, target)
    yield alone(repair)
    yield alone(f"( {question} ) || {{ echo 'still not so: '{shlex.quote(question)} >&2; exit 1; }}")


@operation()
def _place(path: str, content: str | bytes, owner: str, mode: str, check: str) -> Generator[PyinfraCommand, None, None]:
    content = content.encode() if isinstance(content, str) else content
    digest, quoted = hashlib.sha256(content).hexdigest(), shlex.quote(path)
    question = (
        f'[ -f {quoted} ] && [ ! -L {quoted} ] && [ "$(stat -c %U:%G:%a {quoted})" = {owner}:{mode} ]'
        f" && echo {digest}'  '{quoted} | sha256sum --check --status"
    )
    if host.get_fact(Holds, question):
        host.noop(f"holds: {path}")
        return
    user, group = owner.split(":")
    incoming = f"{INCOMING}/{digest}"
    yield alone(f"install -d -m 700 {INCOMING}")
    yield FileUploadCommand(io.BytesIO(content), incoming)
    yield alone(
        f"NEW={quoted}.new; trap 'rm -f \"$NEW\" {incoming}' EXIT\n"
        f'install -o {user} -g {group} -m {mode} {incoming} "$NEW"\n'
        f"{check}\n"
        f'mv -T "$NEW" {quoted}'
    )
