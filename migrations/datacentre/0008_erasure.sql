-- Listeners who asked to be forgotten: by HMAC, so that this table names nobody. A log that comes later is stored
-- under the token too.
CREATE TABLE erased (
  listener BINARY(32) NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  asked_at DATETIME(6) NOT NULL,
  -- NULL until rows, dead letters and files are all done; an erasure that was cut off is taken up again.
  done_at DATETIME(6) NULL,
  PRIMARY KEY (listener),
  KEY client (client)
) ENGINE = InnoDB;

-- One row. A writer holds it shared through its transaction, an erasure changes it: so no log of a listener is stored
-- beside the erasure under its old name.
CREATE TABLE erasure_version (
  one TINYINT UNSIGNED NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (one)
) ENGINE = InnoDB;
INSERT INTO erasure_version (one, version) VALUES (1, 0) ON DUPLICATE KEY UPDATE one = one;

-- Days whose files still name an erased listener.
CREATE TABLE erasure_day (
  listener BINARY(32) NOT NULL,
  day DATE NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (listener, day),
  CONSTRAINT erasure_day_state CHECK (state IN ('open', 'done'))
) ENGINE = InnoDB;
