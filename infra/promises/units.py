"""The processes that run all the time: the persister and the catalogue's producer, under systemd."""

import hashlib

from infra.operations import hold, place
from infra.site import Site, file_text
from infra.words import WORDS, Word

FOLDER = "/etc/systemd/system"
RELOAD = "systemctl daemon-reload"
#: In the environment of each: what it was started with.
MARK = "PLAYLOG_APPLIED"


def keep(site: Site) -> None:
    """Enabled and running, and running what the files say: a process that was started with less is restarted."""
    for word in site.units:
        text = file_text(word.unit)
        digest = applied(site, word, text)
        pid = f"$(systemctl show -p MainPID --value {word.unit})"
        place(f"{FOLDER}/{word.unit}", text.format(mark=f"{MARK}={digest}"), name=word.unit)
        hold(
            f"systemctl is-enabled -q {word.unit} && systemctl is-active -q {word.unit}"
            f" && [ $(systemctl show -p NeedDaemonReload --value {word.unit}) = no ]"
            f" && tr '\\0' '\\n' </proc/{pid}/environ | grep -qx {MARK}={digest}",
            f"{RELOAD}; systemctl enable {word.unit}; systemctl restart {word.unit}\n"
            # The environment is the shell's until the program is there.
            f"for i in 1 2 3 4 5 6 7 8 9 10; do systemctl is-active -q {word.unit} && break; sleep 0.2; done",
            name=f"{word.unit} runs",
        )

    for word in WORDS:
        if word.unit and word not in site.units:
            # It had the role once.
            path = f"{FOLDER}/{word.unit}"
            hold(
                f"[ ! -e {path} ]",
                f"systemctl disable --now {word.unit}; rm -f {path}; {RELOAD}",
                name=f"no {word.unit}",
            )


def applied(site: Site, word: Word, text: str) -> str:
    """By what the process runs: unit, settings and release."""
    ca = site.inventory.ca or b""
    parts = (text.encode(), site.settings_text(word).encode(), site.release.encode(), ca)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
