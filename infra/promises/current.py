"""The release that runs: one link, changed in one step; and the releases that nobody goes back to any more are gone."""

from infra.operations import hold
from infra.site import Site
from infra.words import CURRENT, PROVEN, RELEASES

#: So many are kept beside the present one and the one that was proved last.
OTHERS = 2
#: What may go: older ones, by the mark that says when a release was last put in place; and what never became one.
#: However old they are, never what runs, nor what a failed deploy goes back to.
TOO_MANY = (
    f"{{ ls -1t {RELEASES}/*/.whole | sed 's,/.whole$,,'"
    f' | grep -vxF -e "$(readlink {CURRENT})" -e "$(readlink {PROVEN} || echo none)" | tail -n +{OTHERS + 1};'
    f' for path in {RELEASES}/*; do [ -e "$path/.whole" ] || echo "$path"; done; }}'
)


def keep(site: Site) -> None:
    """A job that runs goes on with the release that it began with; the units are restarted by their own promise."""
    folder = site.release_folder
    hold(
        f'[ "$(readlink {CURRENT})" = {folder} ]',
        f"ln -sfn {folder} {CURRENT}.new; mv -T {CURRENT}.new {CURRENT}; touch {folder}/.whole",
        name=f"is {site.release}",
    )
    hold(f'[ -z "$({TOO_MANY})" ]', f'{TOO_MANY} | while read -r path; do rm -rf "$path"; done', name="no others")
