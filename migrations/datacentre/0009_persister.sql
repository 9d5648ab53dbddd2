-- What each persister last said of itself, for `playlog status`; a row is renewed every few seconds.
CREATE TABLE persister (
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  started_at DATETIME(6) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  -- Over the last look: logs stored a second, and the median and the worst commit in seconds; NULL without a commit.
  rows_per_second DOUBLE NOT NULL,
  records_per_second DOUBLE NOT NULL,
  commit_median_seconds DOUBLE NULL,
  commit_worst_seconds DOUBLE NULL,
  lag_records BIGINT UNSIGNED NOT NULL,
  -- Age of the oldest unread record; 0 without a backlog.
  lag_seconds DOUBLE NOT NULL,
  -- Seconds to the end of the backlog at the present rate; NULL when it doesn't shrink.
  backlog_end_seconds DOUBLE NULL,
  partitions_json VARCHAR(8000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB;
