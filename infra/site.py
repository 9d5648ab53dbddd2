"""What a promise is told: the host's roles, and what of the environment concerns it."""

from dataclasses import dataclass
from pathlib import Path

from infra.inventory import Inventory
from infra.words import RELEASES, Word, users_of, words_of

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Site:
    """One host as it is to be. Without an archive the release has to be there already."""

    inventory: Inventory
    name: str
    roles: tuple[str, ...]
    release: str
    archive: Path | None = None

    @property
    def words(self) -> list[Word]:
        return words_of(self.roles)

    @property
    def jobs(self) -> list[Word]:
        """The words that cron runs."""
        return [word for word in self.words if not word.unit]

    @property
    def units(self) -> list[Word]:
        """The words that systemd keeps running."""
        return [word for word in self.words if word.unit]

    @property
    def users(self) -> list[str]:
        return users_of(self.roles)

    @property
    def release_folder(self) -> str:
        return f"{RELEASES}/{self.release}"

    def probe(self, word: Word) -> str:
        """The URL at which a unit's process says that all is well."""
        address = self.inventory.settings[word.name].get(word.status, word.default_status)
        return f"http://{address}{word.probe}"

    def settings_text(self, word: Word) -> str:
        """The word's settings, as bash and systemd both read them."""
        found = self.inventory.settings[word.name]
        head = "# Written by the promise `settings` from the inventory; what is changed here is lost.\n"
        return head + "".join(f"{name}='{value}'\n" for name, value in sorted(found.items()) if value)


def file_text(name: str) -> str:
    """A file of infra/files."""
    return (FILES / name).read_text()
