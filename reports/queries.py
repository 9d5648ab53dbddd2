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
REQUESTS_OF_DAY = "SELECT COUNT(*) FROM request WHERE received_day = %s"

#: Stored requests of the day and the two before it. A test client repeats itself on purpose.
STORED_REQUESTS = """
SELECT client, stream, digest, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', booked_at),
  topic_id, partition_no, kafka_offset, request_id, n_stored, idempotency_key IS NULL AND received_day = %s
FROM request
WHERE received_day BETWEEN %s AND %s AND outcome IN ('stored', 'key_conflict') AND n_stored > 0 AND is_test = FALSE
"""

#: In primary key order: one pass through the day's partition, without a sort.
PLAY_ROWS = """
SELECT client, stream, is_test, is_id_conflict, request_id, item,
  DATE_FORMAT(received_at, '%%Y-%%m-%%dT%%H:%%i:%%s.%%fZ'), DATE_FORMAT(played_at, '%%Y-%%m-%%dT%%H:%%i:%%s.%%fZ'),
  country, track_id, release_id, format_id, play_mode, play_type, end_reason, total_time_played,
  user_id, user_agent, log_id
FROM play_log WHERE received_day = %s ORDER BY received_day, request_id, item
"""

HANDED_OVER = "SELECT revision, state, manifest_sha256 FROM report WHERE day = %s ORDER BY revision DESC LIMIT 1"
HAND_OVER = """
INSERT INTO report (day, revision, state, manifest_sha256, rows_reported, made_at)
VALUES (%s, %s, %s, %s, %s, UTC_TIMESTAMP(6))
"""
