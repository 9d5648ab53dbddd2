-- What could not be stored, whole, with the reason. Item NULL: the record itself could not be read.
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
  reason VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- The value by zlib, up to 1 MiB; NULL beyond that, or when the record had none. The headers are JSON, base64 each.
  value_zlib MEDIUMBLOB NULL,
  value_bytes INT UNSIGNED NULL,
  value_sha256 BINARY(32) NULL,
  headers_json BLOB NULL,
  received_day DATE NOT NULL,
  made_at DATETIME(6) NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  PRIMARY KEY (id),
  KEY place (topic_id, partition_no, kafka_offset),
  KEY made_at (made_at),
  CONSTRAINT dead_letter_state CHECK (state IN ('open', 'replayed', 'dropped'))
) ENGINE = InnoDB;
