"""Every statement of the producer but the queries of whole releases. `{ids}` is a list of numbers of our own."""

NOW = "SELECT UTC_TIMESTAMP(6)"
IS_ANYTHING_DUE = """
SELECT EXISTS (SELECT 1 FROM catalogue_outbox WHERE retry_at IS NULL OR retry_at <= UTC_TIMESTAMP(6)),
  EXISTS (SELECT 1 FROM catalogue_load WHERE state <> 'done')"""

DUE = """
SELECT id, release_id FROM catalogue_outbox
WHERE retry_at IS NULL OR retry_at <= UTC_TIMESTAMP(6) ORDER BY id LIMIT %s"""
#: Those that were put off too: a newer version says what they would have.
CHANGES_OF = "SELECT id, release_id FROM catalogue_outbox WHERE release_id IN ({ids})"
LAST_CHANGE = "SELECT COALESCE(MAX(id), 0) FROM catalogue_outbox"
#: What was put off wasn't sent.
IS_LEFT_OVER = "SELECT EXISTS (SELECT 1 FROM catalogue_outbox WHERE id <= %s AND attempts = 0)"
OLDEST_LEFT = "SELECT MIN(changed_at), COUNT(*) FROM catalogue_outbox"
OLDEST_BUT_THESE = "SELECT MIN(changed_at) FROM catalogue_outbox WHERE id NOT IN ({ids})"
DELETE_CHANGES = "DELETE FROM catalogue_outbox WHERE id IN ({ids})"
#: A minute later, then two, four … up to an hour.
PUT_OFF = """
UPDATE catalogue_outbox SET attempts = attempts + 1, failure = %s,
  retry_at = UTC_TIMESTAMP(6) + INTERVAL LEAST(60, POW(2, LEAST(attempts, 10))) MINUTE
WHERE release_id = %s"""

SUMS = "SELECT partition_no, topic_id, epoch, releases, digest_sum FROM catalogue_published_sum ORDER BY partition_no"
SUMS_LOCKED = SUMS + " FOR UPDATE"
BEGIN_SUM = """
INSERT INTO catalogue_published_sum (partition_no, topic_id, epoch, releases, digest_sum) VALUES (%s, %s, 0, 0, 0)"""
NEXT_EPOCH = "UPDATE catalogue_published_sum SET epoch = epoch + 1"
ALL_PUBLISHED = "SELECT partition_no, digest FROM catalogue_published"
SAVE_SUM = "UPDATE catalogue_published_sum SET releases = %s, digest_sum = %s WHERE partition_no = %s AND epoch = %s"

PUBLISHED = "SELECT release_id, version, digest FROM catalogue_published WHERE release_id IN ({ids})"
SAVE_PUBLISHED = """
INSERT INTO catalogue_published (release_id, version, digest, is_takedown, partition_no, kafka_offset, published_at)
VALUES {values}
ON DUPLICATE KEY UPDATE version = VALUES(version), digest = VALUES(digest), is_takedown = VALUES(is_takedown),
  partition_no = VALUES(partition_no), kafka_offset = VALUES(kafka_offset),
  published_at = VALUES(published_at)"""
#: Published once, and nothing is left of them in the source, not even the version of a takedown.
FORGOTTEN = """
SELECT p.release_id, p.partition_no, p.digest FROM catalogue_published AS p
LEFT JOIN catalogue_version AS v USING (release_id) WHERE v.release_id IS NULL ORDER BY p.release_id"""
FORGET = "DELETE FROM catalogue_published WHERE release_id IN ({ids})"
FORGET_ALL = "DELETE FROM catalogue_published"
FORGET_SUMS = "DELETE FROM catalogue_published_sum"

OPEN_LOAD = """
SELECT number, state, next_release_id FROM catalogue_load WHERE state <> 'done' ORDER BY number LIMIT 1"""
BEGIN_LOAD = """
UPDATE catalogue_load SET state = 'running', begun_at = UTC_TIMESTAMP(6), next_release_id = 0, sent = 0,
  releases = (SELECT COUNT(*) FROM catalogue_version)
WHERE number = %s AND state = 'asked'"""
NEXT_OF_LOAD = "SELECT release_id FROM catalogue_version WHERE release_id >= %s ORDER BY release_id LIMIT %s"
MOVE_LOAD = """
UPDATE catalogue_load SET next_release_id = %s, sent = sent + %s WHERE number = %s AND state = 'running'"""
IS_ANYTHING_PUT_OFF = "SELECT EXISTS (SELECT 1 FROM catalogue_outbox WHERE attempts > 0)"
END_LOAD = "UPDATE catalogue_load SET state = 'done', ended_at = UTC_TIMESTAMP(6) WHERE number = %s"
ASK_LOAD = "INSERT INTO catalogue_load (state, operator, asked_at) VALUES ('asked', %s, UTC_TIMESTAMP(6))"
LOAD = "SELECT state, releases, sent FROM catalogue_load WHERE number = %s"

NEW_MARK = "INSERT INTO catalogue_mark (kind, load_no, as_of, made_at) VALUES (%s, %s, %s, UTC_TIMESTAMP(6))"
LAST_ID = "SELECT LAST_INSERT_ID()"
SAVE_PLACE = """
INSERT INTO catalogue_mark_place (number, partition_no, topic_id, kafka_offset, releases, digest_sum)
VALUES (%s, %s, %s, %s, %s, %s)"""
FORGET_PLACES = """
DELETE p FROM catalogue_mark_place AS p JOIN catalogue_mark AS m USING (number)
WHERE m.kind = 'checkpoint' AND m.made_at < UTC_TIMESTAMP(6) - INTERVAL 7 DAY"""
FORGET_MARKS = """
DELETE FROM catalogue_mark WHERE kind = 'checkpoint' AND made_at < UTC_TIMESTAMP(6) - INTERVAL 7 DAY"""
