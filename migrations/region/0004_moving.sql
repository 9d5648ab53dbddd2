-- Which URLs are moved from the legacy API to ours, who follows, and how both answer.

-- A version of the map, whole, and why there is one. Never changed; the highest holds.
CREATE TABLE move_version (
  version INT UNSIGNED NOT NULL,
  plan MEDIUMBLOB NOT NULL,
  action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  about VARCHAR(500) NOT NULL,
  operator VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NULL,
  evidence_json MEDIUMBLOB NULL,
  made_at DATETIME(6) NOT NULL,
  PRIMARY KEY (version)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Each nginx, as its follower last saw it: the version that it serves, and what keeps it from a newer one.
CREATE TABLE move_nginx (
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version INT UNSIGNED NOT NULL,
  problem VARCHAR(500) NULL,
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One comparison of both answers to one request; kept for days. No key and no listener is in it.
CREATE TABLE move_comparison (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  compared_at DATETIME(6) NOT NULL,
  path VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  track VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- Who had answered the client.
  origin VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verdict VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  legacy_status SMALLINT UNSIGNED NOT NULL,
  -- 0: it gave no answer.
  our_status SMALLINT UNSIGNED NOT NULL,
  legacy_ms DOUBLE NOT NULL,
  our_ms DOUBLE NOT NULL,
  -- Where it isn't equal: the fields that differ, the request without key and listener, its ids.
  detail_json BLOB NULL,
  PRIMARY KEY (id),
  KEY scope (path, client, track, id),
  KEY track (path, track, id),
  KEY compared_at (compared_at),
  CONSTRAINT move_comparison_verdict CHECK (verdict IN ('equal', 'noise', 'differs', 'slower', 'failed'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Each comparator, and what became of the requests that it was told of since it began.
CREATE TABLE move_comparator (
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  began_at DATETIME(6) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  told BIGINT UNSIGNED NOT NULL,
  compared BIGINT UNSIGNED NOT NULL,
  dropped BIGINT UNSIGNED NOT NULL,
  lost BIGINT UNSIGNED NOT NULL,
  without_legacy BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
