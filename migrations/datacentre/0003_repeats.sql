-- What was seen before. The digest is part of each key, so that a repeat of the second content under one key is
-- found as well.
CREATE TABLE idempotency_key (
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  idempotency_key VARBINARY(128) NOT NULL,
  digest BINARY(32) NOT NULL,
  request_id BINARY(16) NOT NULL,
  booked_at DATETIME(6) NOT NULL,
  PRIMARY KEY (client, stream, idempotency_key, digest)
) ENGINE = InnoDB;

-- Partitioned by the day that was played: equal content has an equal day.
CREATE TABLE client_log_id (
  played_day DATE NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  log_id VARBINARY(64) NOT NULL,
  content BINARY(32) NOT NULL,
  request_id BINARY(16) NOT NULL,
  item SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (played_day, client, stream, log_id, content)
) ENGINE = InnoDB
PARTITION BY RANGE COLUMNS (played_day) (PARTITION p_before VALUES LESS THAN ('2026-01-01'));
