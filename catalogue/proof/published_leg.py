"""The first leg: what the data centre's tables say now is what was published. Writes go on meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from MySQLdb.connections import Connection

from catalogue.proof.difference import Difference
from catalogue.source.snapshot import read_documents, snapshot
from common.catalogue import add_to_sum, release_value
from common.database import any_rows as rows

#: Releases that are read at once.
CHUNK = 200

VERSIONS = "SELECT release_id FROM catalogue_version ORDER BY release_id"
PUBLISHED = "SELECT release_id, version, digest, partition_no FROM catalogue_published ORDER BY release_id"
WAITING = "SELECT DISTINCT release_id FROM catalogue_outbox"
SUMS = "SELECT partition_no, releases, digest_sum FROM catalogue_published_sum"


@dataclass
class PublishedProof:
    """What the first leg found."""

    releases: int = 0
    #: Changed and not sent yet: they are in the outbox.
    excused: int = 0
    differences: list[Difference] = field(default_factory=list)
    #: Partitions whose sum isn't that of the releases published there.
    wrong_sums: list[int] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences and not self.wrong_sums


def prove_published(connection: Connection, tell: Callable[[int, int], object]) -> PublishedProof:
    """Compares every release with what was published of it; `tell` hears of how many of how many.

    All of one moment: what changed and waits in the outbox at that moment is excused. Raises MySQLdb.Error.
    """
    proof = PublishedProof()
    with snapshot(connection):
        ids = [_number(row[0]) for row in rows(connection, VERSIONS)]
        published = {row[0]: row[1:] for row in rows(connection, PUBLISHED)}
        waiting = {row[0] for row in rows(connection, WAITING)}
        proof.wrong_sums = _wrong_sums(rows(connection, SUMS), list(published.values()))
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            documents = read_documents(connection, part)
            for release_id in part:
                if release_id in waiting:
                    proof.excused += 1
                    continue
                _compare(proof, release_id, documents[release_id], published.get(release_id))
            tell(len(part), len(ids))
        proof.releases = len(ids)
        for release_id in sorted(published.keys() - set(ids)):
            what = "published, and the source knows nothing of it"
            proof.differences.append(Difference(_number(release_id), what, None, published[release_id][0]))
    return proof


def _compare(proof: PublishedProof, release_id: int, document: Any, published: Sequence[Any] | None) -> None:
    version = document["version"]
    if published is None:
        proof.differences.append(Difference(release_id, "not published, and not in the outbox", version, None))
        return
    if published[0] != version:
        proof.differences.append(Difference(release_id, "published in another version", version, published[0]))
    elif release_value(document)[1] != published[1]:
        proof.differences.append(Difference(release_id, "changed without a new version", version, published[0]))


def _wrong_sums(sums: Sequence[tuple[Any, ...]], published: Sequence[Sequence[Any]]) -> list[int]:
    counted: dict[int, tuple[int, int]] = {row[0]: (0, 0) for row in sums}
    for _, digest, partition in published:
        releases, total = counted.get(partition, (0, 0))
        counted[partition] = (releases + 1, add_to_sum(total, digest, None))
    kept = {row[0]: (row[1], row[2]) for row in sums}
    return sorted(number for number in counted if kept.get(number) != counted[number])


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
