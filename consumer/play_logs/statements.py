"""Every statement of the play-log sink but that of the logs themselves (log_rows.py).

Values are bound, or written as literals by `encode` where a row is built.
"""

INSERT_REQUEST = b"""INSERT INTO request (topic_id, partition_no, kafka_offset, request_id, client, stream, is_test,
 schema_version, idempotency_key, digest, appended_at, booked_at, received_day, outcome, duplicate_of, n_items,
 n_stored, n_duplicate, n_dead) VALUES """

INSERT_KEY = b"""INSERT INTO idempotency_key (client, stream, idempotency_key, digest, request_id, booked_at) VALUES """

INSERT_LOG_ID = b"""INSERT INTO client_log_id (played_day, client, stream, log_id, content, request_id, item) VALUES """

FIND_REQUESTS = "SELECT request_id FROM request WHERE request_id IN ({marks})"
FIND_KEYS = """SELECT idempotency_key, digest, request_id FROM idempotency_key
 WHERE client = %s AND stream = %s AND idempotency_key IN ({marks})"""
FIND_LOG_IDS = """SELECT log_id, content FROM client_log_id
 WHERE played_day = %s AND client = %s AND stream = %s AND log_id IN ({marks})"""

SAVEPOINT = "SAVEPOINT chunk"
ROLLBACK_TO_SAVEPOINT = "ROLLBACK TO SAVEPOINT chunk"
