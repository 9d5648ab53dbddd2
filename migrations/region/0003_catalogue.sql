-- The region's copy of the catalogue, written by `playlog catalogue-consume` alone, in one transaction a batch with the
-- offset up to which it was read.

-- How far each partition of the topic is stored; as in the data centre's ledger, without days.
CREATE TABLE consumer_offset (
  topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_offset BIGINT UNSIGNED NOT NULL,
  floor DATETIME(6) NULL,
  open_day DATE NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic, partition_no)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Records that are known to be lost, declared by an operator.
CREATE TABLE gap (
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  from_offset BIGINT UNSIGNED NOT NULL,
  to_offset BIGINT UNSIGNED NULL,
  reason VARCHAR(500) NOT NULL,
  operator VARCHAR(64) NOT NULL,
  declared_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic_id, partition_no, from_offset)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What could not be stored, whole, with the reason.
CREATE TABLE dead_letter (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  item SMALLINT UNSIGNED NULL,
  request_id BINARY(16) NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  reason VARCHAR(200) NOT NULL,
  value_zlib MEDIUMBLOB NULL,
  value_bytes INT UNSIGNED NULL,
  value_sha256 BINARY(32) NULL,
  headers_json BLOB NULL,
  received_day DATE NOT NULL,
  made_at DATETIME(6) NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  PRIMARY KEY (id),
  KEY place (topic_id, partition_no, kafka_offset),
  KEY made_at (made_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row a release that was ever published, the dead ones too: a late record of an older version changes nothing.
CREATE TABLE catalogue_release (
  release_id INT UNSIGNED NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  -- live, takedown, or ghost: the topic had it, and a whole load that came later didn't.
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- SHA-256 of the record's value, and the value itself by zlib.
  digest BINARY(32) NOT NULL,
  document MEDIUMBLOB NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  -- The last record that named it, applied or not: what a load didn't name lies before its begin.
  seen_offset BIGINT UNSIGNED NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  stored_at DATETIME(6) NOT NULL,
  PRIMARY KEY (release_id),
  KEY seen (partition_no, seen_offset),
  CONSTRAINT catalogue_release_state CHECK (state IN ('live', 'takedown', 'ghost'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which release a track is on. While a track moves, two can have it: the one that changed last is right.
CREATE TABLE catalogue_track (
  track_id INT UNSIGNED NOT NULL,
  release_id INT UNSIGNED NOT NULL,
  PRIMARY KEY (track_id, release_id),
  KEY release_id (release_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Exactly one row for each record of the topic: what became of it.
CREATE TABLE catalogue_record (
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  release_id INT UNSIGNED NULL,
  version BIGINT UNSIGNED NULL,
  -- Of a record that can be read: SHA-256 of its value.
  digest BINARY(32) NULL,
  outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  appended_at DATETIME(6) NOT NULL,
  stored_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic_id, partition_no, kafka_offset),
  KEY release_id (release_id),
  CONSTRAINT catalogue_record_outcome CHECK (outcome IN ('applied', 'same', 'older', 'conflict', 'mark', 'unreadable'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Of each partition: how many releases it has brought, and the sum of their digests' first 8 bytes, modulo 2^64; and the
-- latest moment of the data centre up to which everything has arrived.
CREATE TABLE catalogue_sum (
  partition_no INT UNSIGNED NOT NULL,
  releases BIGINT UNSIGNED NOT NULL,
  digest_sum BIGINT UNSIGNED NOT NULL,
  epoch INT UNSIGNED NOT NULL DEFAULT 0,
  as_of DATETIME(6) NULL,
  PRIMARY KEY (partition_no)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The marks that were met: what the producer says of the partition up to there, and what we had.
CREATE TABLE catalogue_mark (
  number INT UNSIGNED NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  load_no INT UNSIGNED NULL,
  as_of DATETIME(6) NOT NULL,
  releases BIGINT UNSIGNED NOT NULL,
  digest_sum BIGINT UNSIGNED NOT NULL,
  own_releases BIGINT UNSIGNED NOT NULL,
  own_digest_sum BIGINT UNSIGNED NOT NULL,
  ghosts INT UNSIGNED NOT NULL DEFAULT 0,
  stored_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic_id, partition_no, kafka_offset),
  KEY number (number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
