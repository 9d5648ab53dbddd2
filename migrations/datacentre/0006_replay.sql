-- Dead letters that an operator stored after all, a row each. Their logs are booked on the day of the replay, so that
-- no final day changes: rows of play_log of a day = its request rows' n_stored + its replays' n_stored.
CREATE TABLE replay (
  dead_letter_id BIGINT UNSIGNED NOT NULL,
  replayed_day DATE NOT NULL,
  -- The day of the record, whose report counts it as dead-lettered.
  first_day DATE NOT NULL,
  request_id BINARY(16) NOT NULL,
  -- NULL: the whole record, which couldn't be read before.
  item SMALLINT UNSIGNED NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_test BOOLEAN NOT NULL,
  n_items SMALLINT UNSIGNED NOT NULL,
  n_stored SMALLINT UNSIGNED NOT NULL,
  n_duplicate SMALLINT UNSIGNED NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  replayed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (dead_letter_id),
  KEY replayed_day (replayed_day),
  KEY request_id (request_id),
  CONSTRAINT replay_balance CHECK (n_items = n_stored + n_duplicate)
) ENGINE = InnoDB;

-- Who closed a dead letter, and why. An open one is never removed.
ALTER TABLE dead_letter
  ADD COLUMN closed_at DATETIME(6) NULL,
  ADD COLUMN closed_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD COLUMN closed_reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
