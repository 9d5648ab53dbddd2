"""Every statement of the catalogue's sink. Values are bound, or written as literals where a row is built."""

SUM = """SELECT UTC_TIMESTAMP(6), s.releases, s.digest_sum, s.epoch, s.as_of
 FROM (SELECT 1) AS one LEFT JOIN catalogue_sum AS s ON s.partition_no = %s"""
SAVE_SUM = """INSERT INTO catalogue_sum (partition_no, releases, digest_sum, epoch, as_of) VALUES (%s, %s, %s, %s, %s)
 ON DUPLICATE KEY UPDATE releases = VALUES(releases), digest_sum = VALUES(digest_sum), epoch = VALUES(epoch),
 as_of = VALUES(as_of)"""

FIND_RELEASES = """SELECT release_id, version, state, digest, seen_offset FROM catalogue_release
 WHERE release_id IN ({marks})"""
INSERT_RELEASE = b"""INSERT INTO catalogue_release (release_id, version, state, digest, document, partition_no,
 seen_offset, changed_at, stored_at) VALUES """
OVER_THE_OLDER = b""" ON DUPLICATE KEY UPDATE version = VALUES(version), state = VALUES(state), digest = VALUES(digest),
 document = VALUES(document), partition_no = VALUES(partition_no), seen_offset = VALUES(seen_offset),
 changed_at = VALUES(changed_at), stored_at = VALUES(stored_at)"""
SEEN = "UPDATE catalogue_release SET seen_offset = CASE release_id {cases} END WHERE release_id IN ({ids})"

FIND_TRACKS = "SELECT track_id, release_id FROM catalogue_track WHERE release_id IN ({marks})"
INSERT_TRACK = b"INSERT INTO catalogue_track (track_id, release_id) VALUES "
#: A track may be there already, by somebody's hand: it is right then.
TRACK_IS_THERE = b" ON DUPLICATE KEY UPDATE release_id = catalogue_track.release_id"
DELETE_TRACKS = b"DELETE FROM catalogue_track WHERE (track_id, release_id) IN ("

INSERT_RECORD = b"""INSERT INTO catalogue_record (topic_id, partition_no, kafka_offset, release_id, version, digest,
 outcome, appended_at, stored_at) VALUES """
STORED_AT = """SELECT outcome, digest FROM catalogue_record
 WHERE topic_id = %s AND partition_no = %s AND kafka_offset = %s"""

INSERT_MARK = """INSERT INTO catalogue_mark (number, partition_no, topic_id, kafka_offset, kind, load_no, as_of,
 releases, digest_sum, own_releases, own_digest_sum, ghosts, stored_at)
 VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
BEGIN_OF_LOAD = """SELECT MIN(kafka_offset) FROM catalogue_mark
 WHERE topic_id = %s AND partition_no = %s AND kind = 'begin' AND load_no = %s"""
#: Of books that begin behind a trim: where, the whole load that begins just there, and whether its end was met.
FIRST_LOAD = """SELECT g.to_offset, b.load_no, EXISTS (SELECT 1 FROM catalogue_mark AS e
  WHERE e.topic_id = g.topic_id AND e.partition_no = g.partition_no AND e.kind = 'end' AND e.load_no = b.load_no)
 FROM gap AS g LEFT JOIN catalogue_mark AS b ON b.topic_id = g.topic_id AND b.partition_no = g.partition_no
  AND b.kafka_offset = g.to_offset AND b.kind = 'begin'
 WHERE g.topic_id = %s AND g.partition_no = %s AND g.from_offset = 0"""
DIGESTS = "SELECT digest FROM catalogue_release WHERE partition_no = %s AND state <> 'ghost'"
#: At offset 0 no release is seen when a load begins there.
UNSEEN = """SELECT release_id, digest FROM catalogue_release
 WHERE partition_no = %s AND seen_offset < GREATEST(%s, 1) AND state <> 'ghost' ORDER BY release_id"""
MAKE_GHOSTS = """UPDATE catalogue_release SET state = 'ghost', stored_at = %s
 WHERE partition_no = %s AND seen_offset < GREATEST(%s, 1) AND state <> 'ghost'"""
TRACKS_OF_GHOSTS = """DELETE t FROM catalogue_track AS t JOIN catalogue_release AS r USING (release_id)
 WHERE r.partition_no = %s AND r.state = 'ghost'"""
FORGET_MARKS = """DELETE FROM catalogue_mark
 WHERE topic_id = %s AND partition_no = %s AND kind = 'checkpoint' AND stored_at < %s LIMIT 100"""
FORGET_RECORDS_OF_MARKS = """DELETE FROM catalogue_record
 WHERE topic_id = %s AND partition_no = %s AND outcome = 'mark' AND stored_at < %s LIMIT 100"""
