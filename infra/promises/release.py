"""The release: Playlog and all that it needs as wheels, in a venv of its own, beside the former ones."""

import uuid

from infra.operations import hold, send
from infra.site import Site


def keep(site: Site) -> None:
    """A release is whole, file by file, or it is made from the start; the mark comes last."""
    # A name of its own: what a killed run has begun may still read the one that it sent. What stays behind is removed
    # by the promise `current`, as everything there is that isn't a whole release.
    folder, archive = site.release_folder, f"{site.release_folder}.{uuid.uuid4().hex[:8]}.tar"
    whole = f"[ -e {folder}/.whole ] && ( {sums(folder)} ) | cmp -s - {folder}/.whole"
    if site.archive is None:
        hold(whole, f"echo 'the release {site.release} is not on this host' >&2; exit 1", name=site.release)
        return
    send(whole, str(site.archive), archive, make(folder, archive, whole), name=site.release)


def sums(folder: str) -> str:
    """The shell's list of all its files with their sums; what Python compiles as it runs is none of them."""
    of_files = "-type f ! -name '*.pyc' ! -name .whole -print0"
    return f"cd {folder}; find . {of_files} | sort -z | xargs -0 sha256sum"


def make(folder: str, archive: str, whole: str) -> str:
    """The repair. A run that was cut off may have done with it meanwhile."""
    return (
        f"if {whole}; then rm -f {archive}; exit 0; fi\n"
        f"rm -rf {folder}; python3 -m venv {folder}\n"
        f"mkdir {folder}/wheels; tar -xf {archive} -C {folder}/wheels --no-same-owner\n"
        f"{folder}/bin/pip install -q --disable-pip-version-check --no-index --no-deps {folder}/wheels/*.whl\n"
        f"rm -rf {folder}/wheels {archive}\n"
        f"{folder}/bin/pip -q check; {folder}/bin/playlog --help >/dev/null\n"
        f"( {sums(folder)} ) >{folder}.sums; mv {folder}.sums {folder}/.whole"
    )
