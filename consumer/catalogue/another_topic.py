"""The region's copy goes over to a topic that was made again: what belonged to the old one's offsets begins anew."""

from MySQLdb.connections import Connection

from common.database import run

#: Offsets of the old topic say nothing in the new one, and it may have other partitions.
PLACE_RELEASES = "UPDATE catalogue_release SET seen_offset = 0, partition_no = release_id MOD %s"
FORGET_MARKS = "DELETE FROM catalogue_mark"
FORGET_PARTITIONS = "DELETE FROM catalogue_sum WHERE partition_no >= %s"
#: The producer's epochs begin anew, too.
EMPTY_SUMS = "UPDATE catalogue_sum SET releases = 0, digest_sum = 0, epoch = 0"
#: As common.catalogue.part_of_sum: the first 8 bytes of each digest, added modulo 2^64.
ADD_UP = """
INSERT INTO catalogue_sum (partition_no, releases, digest_sum, epoch, as_of)
SELECT r.partition_no, COUNT(*),
  MOD(SUM(CAST(CONV(HEX(LEFT(r.digest, 8)), 16, 10) AS DECIMAL(20))), 18446744073709551616), 0, MIN(s.as_of)
FROM catalogue_release AS r LEFT JOIN (SELECT MIN(as_of) AS as_of FROM catalogue_sum) AS s ON TRUE
WHERE r.state <> 'ghost' GROUP BY r.partition_no
ON DUPLICATE KEY UPDATE releases = VALUES(releases), digest_sum = VALUES(digest_sum)"""


def begin_anew(connection: Connection, partitions: int) -> None:
    """Within the transaction that moves the positions over; its caller commits. Raises MySQLdb.Error."""
    run(connection, PLACE_RELEASES, (partitions,))
    run(connection, FORGET_MARKS)
    run(connection, FORGET_PARTITIONS, (partitions,))
    run(connection, EMPTY_SUMS)
    run(connection, ADD_UP)
