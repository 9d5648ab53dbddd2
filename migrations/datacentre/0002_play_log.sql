-- The logs, a row each, by received day. Opaque ids are VARBINARY: no collation may think two of them equal.
-- `playlog migrate` adds the days ahead; p_before takes what is older than the first of them.
CREATE TABLE play_log (
  received_day DATE NOT NULL,
  request_id BINARY(16) NOT NULL,
  item SMALLINT UNSIGNED NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_test BOOLEAN NOT NULL,
  received_at DATETIME(6) NOT NULL,
  played_at DATETIME(6) NOT NULL,
  user_id VARBINARY(1020) NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  track_id INT UNSIGNED NOT NULL,
  release_id INT UNSIGNED NULL,
  format_id INT UNSIGNED NULL,
  total_time_played INT UNSIGNED NOT NULL,
  play_mode VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  play_type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  end_reason VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  user_agent VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  log_id VARBINARY(64) NULL,
  -- The id was used before, on the same played day, for other content.
  is_id_conflict BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (received_day, request_id, item),
  CONSTRAINT play_log_duration CHECK (total_time_played <= 86400)
) ENGINE = InnoDB
PARTITION BY RANGE COLUMNS (received_day) (PARTITION p_before VALUES LESS THAN ('2026-01-01'));
