"""The report's SQL: every statement that reads the day."""

REPEATABLE_READ = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"
#: A slow disk on our side may make the server wait with the next rows; it gives up on a silent client after this.
PATIENT = "SET SESSION net_write_timeout = 600"
BEGIN = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"

POSITIONS = "SELECT topic_id, partition_no, next_offset FROM consumer_offset WHERE topic = %s"

#: The cuts around the day, and each partition's first and last one.
CUTS = """
SELECT c.topic_id, c.partition_no, c.day, c.cut_offset, c.cause
FROM day_cut c JOIN (
  SELECT topic_id, partition_no, MIN(day) AS first_day, MAX(day) AS last_day
  FROM day_cut GROUP BY topic_id, partition_no
) edge ON edge.topic_id = c.topic_id AND edge.partition_no = c.partition_no
WHERE c.day IN (%s, %s, edge.first_day, edge.last_day)
"""

GAPS = """
SELECT topic_id, partition_no, from_offset, to_offset, reason, operator,
  DATE_FORMAT(declared_at, '%%Y-%%m-%%dT%%H:%%i:%%s.%%fZ'), DATE(declared_at)
FROM gap ORDER BY topic_id, partition_no, from_offset
"""

REQUEST_TALLY = """
SELECT client, stream, is_test, COUNT(*), SUM(n_items), SUM(n_stored), SUM(n_duplicate), SUM(n_dead),
  SUM(outcome = 'key_conflict'), SUM(outcome = 'unreadable'), SUM(received_day <> %s)
FROM request
WHERE topic_id = %s AND partition_no = %s AND kafka_offset >= %s AND kafka_offset < %s
GROUP BY client, stream, is_test
"""
#: Dead letters that were stored on the day.
REPLAYS = """
SELECT client, stream, is_test, first_day, COUNT(*), SUM(n_stored), SUM(n_duplicate) FROM replay
WHERE replayed_day = %s GROUP BY client, stream, is_test, first_day ORDER BY client, stream, is_test, first_day
"""
REQUESTS_OF_DAY = "SELECT COUNT(*) FROM request WHERE received_day = %s"

#: Stored requests of the day and the two before it. A test client repeats itself on purpose.
STORED_REQUESTS = """
SELECT client, stream, digest, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', booked_at),
  topic_id, partition_no, kafka_offset, request_id, n_stored, idempotency_key IS NULL AND received_day = %s
FROM request
WHERE received_day BETWEEN %s AND %s AND outcome IN ('stored', 'key_conflict') AND n_stored > 0 AND is_test = FALSE
"""

#: In primary key order: one pass through the day's partition, without a sort. What is words and numbers alone comes as
#: the cells of a CSV row; moments as the database writes them, for DATE_FORMAT takes a quarter of the whole time.
PLAY_ROWS = """
SELECT client, stream, is_test, is_id_conflict, request_id, item, CAST(received_at AS BINARY),
  CAST(CONCAT_WS(',', CONCAT(played_at, 'Z'), country, track_id, COALESCE(release_id, ''), COALESCE(format_id, ''),
    COALESCE(play_mode, ''), COALESCE(play_type, ''), COALESCE(end_reason, ''), total_time_played) AS BINARY),
  user_id, CAST(user_agent AS BINARY), log_id
FROM play_log WHERE received_day = %s ORDER BY received_day, request_id, item
"""

#: By the index alone: the clients that sent anything on a day, and whether one of them is a test client.
CLIENTS_OF_DAY = "SELECT DISTINCT client FROM request WHERE received_day = %s AND client IS NOT NULL"
IS_TEST_CLIENT = "SELECT is_test FROM request WHERE received_day = %s AND client = %s LIMIT 1"

#: A day's rows are gone when its partition is: then nothing can be made again from them.
HAS_PARTITION = """
SELECT COUNT(*) FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'play_log' AND PARTITION_NAME = %s
"""

HANDED_OVER = """
SELECT revision, state, manifest_sha256, reason, operator, hook_state, hook_tries, context_json FROM report
WHERE day = %s ORDER BY revision
"""
HAND_OVER = """
INSERT INTO report (day, revision, state, manifest_sha256, rows_reported, reason, operator, hook_state, context_json,
  made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, UTC_TIMESTAMP(6))
"""
TOTALS_BETWEEN = """
SELECT day, state, revision, rows_reported, context_json FROM report WHERE day BETWEEN %s AND %s ORDER BY day, revision
"""
#: What a person calls a track. An artist may be named later than the tracks.
TRACK_NAMES = """
SELECT t.track_id, t.title, t.version_title, t.artist_id, COALESCE(a.name, t.appears_as, ''), COALESCE(r.title, '')
FROM catalogue_track t LEFT JOIN catalogue_artist a ON a.artist_id = t.artist_id
  LEFT JOIN catalogue_release r ON r.release_id = t.release_id
WHERE t.track_id IN %s
"""
#: Days before the first request are empty; request rows of days that aren't final are never removed.
FIRST_DAY = "SELECT MIN(received_day) FROM request"
FINAL_DAYS = "SELECT day, MAX(revision) FROM report GROUP BY day"
HOOKS_WAITING = "SELECT day, revision, hook_tries FROM report WHERE hook_state = 'waiting' ORDER BY day, revision"
HOOK_RAN = """
UPDATE report SET hook_state = %s, hook_tries = hook_tries + 1, hook_status = %s, hook_at = UTC_TIMESTAMP(6)
WHERE day = %s AND revision = %s
"""
