"""The release that runs: one link, changed in one step; and the releases that nobody goes back to any more are gone."""

from infra.operations import hold
from infra.site import Site
from infra.words import CURRENT, RELEASES

#: So many are kept: the present one, the one that a failed deploy goes back to, and one more.
KEPT = 3
#: The others: by the mark, which says when a release was last put in place; and what never became one.
TOO_MANY = (
    f"{{ ls -1t {RELEASES}/*/.whole | tail -n +{KEPT + 1} | sed 's,/.whole$,,';"
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
