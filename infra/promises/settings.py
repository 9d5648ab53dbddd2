"""Each word's settings in a file that its user alone reads; none is put in place that its word wouldn't start with.

And `playlog` for whoever is on the host as root: a word with those settings, as that user.
"""

import shlex

from infra.operations import hold, place
from infra.site import Site, file_text
from infra.words import SETTINGS, WORDS, Word

PLAYLOG = "/usr/local/bin/playlog"
CA = f"{SETTINGS}/ca.pem"
LOAD = """\
import importlib, os, sys
sys.path.pop(0)
from common.config import BadSettings, load
module, kind = sys.argv[1].split(":")
try:
    load(getattr(importlib.import_module(module), kind), os.environ)
except BadSettings as bad:
    sys.exit("\\n".join(bad.problems))
"""


def keep(site: Site) -> None:
    """The authorities first: a database's URL that names a file which isn't there is refused."""
    if site.inventory.ca is not None:
        place(CA, site.inventory.ca, name=CA)
    for word in site.words:
        place(
            word.settings,
            site.settings_text(word),
            owner=f"{word.user}:{word.user}",
            mode="600",
            check=starts(site.release_folder, word, '"$NEW"'),
            name=word.settings,
        )
    for word in WORDS:
        if word not in site.words:
            # It had the role once, and the secrets.
            hold(f"[ ! -e {word.settings} ]", f"rm -f {word.settings}", name=f"no {word.settings}")
    place(PLAYLOG, file_text("playlog"), mode="755", name=PLAYLOG)


def starts(release: str, word: Word, file: str) -> str:
    """The shell's question whether the word starts with the settings in `file`, asked of the release as its user."""
    inner = f'set -a; . "$1"; exec {release}/bin/python -c "$2" {word.config}'
    return (
        f"runuser -u {word.user} -- env -i PATH=/usr/bin:/bin bash -c {shlex.quote(inner)} - {file} {shlex.quote(LOAD)}"
    )
