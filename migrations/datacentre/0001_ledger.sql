-- The ledger: how far each partition is stored, and one row for every Kafka record that was read.
-- Topic ids are Kafka's own, 22 characters of base64: a topic made again under the same name has another one.
CREATE TABLE consumer_offset (
  topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_offset BIGINT UNSIGNED NOT NULL,
  -- The booked moment never goes back behind the floor; the open day is the one that is being filled.
  floor DATETIME(6) NULL,
  open_day DATE NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic, partition_no)
) ENGINE = InnoDB;

CREATE TABLE request (
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  -- NULL when the record is unreadable, or repeats a record: then duplicate_of has the id.
  request_id BINARY(16) NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  stream VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  is_test BOOLEAN NOT NULL DEFAULT FALSE,
  schema_version SMALLINT UNSIGNED NULL,
  idempotency_key VARBINARY(128) NULL,
  digest BINARY(32) NULL,
  appended_at DATETIME(6) NOT NULL,
  booked_at DATETIME(6) NOT NULL,
  received_day DATE NOT NULL,
  outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  duplicate_of BINARY(16) NULL,
  n_items SMALLINT UNSIGNED NOT NULL,
  n_stored SMALLINT UNSIGNED NOT NULL,
  n_duplicate SMALLINT UNSIGNED NOT NULL,
  n_dead SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (topic_id, partition_no, kafka_offset),
  UNIQUE KEY request_id (request_id),
  KEY received_day (received_day, client),
  CONSTRAINT request_outcome CHECK (
    outcome IN ('stored', 'duplicate_record', 'duplicate_key', 'key_conflict', 'unreadable')
  ),
  CONSTRAINT request_balance CHECK (n_items = n_stored + n_duplicate + n_dead)
) ENGINE = InnoDB;

-- Where a day ends in a partition: the offset of the first record that is booked after it. Written once.
CREATE TABLE day_cut (
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  day DATE NOT NULL,
  cut_offset BIGINT UNSIGNED NOT NULL,
  -- start: where the partition's books begin; record: a later record came; quiet: the day ended with nothing unread;
  -- adopted: the topic was made again and its old books were closed.
  cause VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic_id, partition_no, day),
  CONSTRAINT day_cut_cause CHECK (cause IN ('start', 'record', 'quiet', 'adopted'))
) ENGINE = InnoDB;

-- Records that are known to be lost, declared by an operator.
CREATE TABLE gap (
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  from_offset BIGINT UNSIGNED NOT NULL,
  -- NULL when nobody can know: the topic was made again.
  to_offset BIGINT UNSIGNED NULL,
  reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  declared_at DATETIME(6) NOT NULL,
  PRIMARY KEY (topic_id, partition_no, from_offset)
) ENGINE = InnoDB;
