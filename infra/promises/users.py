"""The users that the words run as: no password, no shell, one for reports and storing, one that may change tables."""

from infra.operations import system_user
from infra.site import Site
from infra.words import HOMES

SHELL = "/usr/sbin/nologin"


def keep(site: Site) -> None:
    """A group of its own for each."""
    for user in site.users:
        system_user(user, HOMES[user], SHELL)
