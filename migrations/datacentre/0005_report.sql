-- The reports that were handed over. A final report is never replaced: a revision gets the next number and a reason.
CREATE TABLE report (
  day DATE NOT NULL,
  revision SMALLINT UNSIGNED NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  manifest_sha256 BINARY(32) NOT NULL,
  rows_reported BIGINT UNSIGNED NOT NULL,
  reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  made_at DATETIME(6) NOT NULL,
  PRIMARY KEY (day, revision),
  CONSTRAINT report_state CHECK (state IN ('final', 'final-with-loss'))
) ENGINE = InnoDB;
