-- What has changed and isn't published yet, and what is published.

-- Rises with every change of a release, under the lock of its row: so two writers of one release have an order. The row
-- stays when the release is deleted: it is then the version of the takedown.
CREATE TABLE catalogue_version (
  release_id INT UNSIGNED NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (release_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A row for each change, written in the transaction that makes it, deleted when Kafka has acknowledged the release with
-- that change or a later one. Never read from a remembered id on: ids become visible out of order.
CREATE TABLE catalogue_outbox (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  release_id INT UNSIGNED NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  -- Of a release that can't be published: how often it was tried, why, and when again.
  attempts SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  failure VARCHAR(200) NULL,
  retry_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  KEY release_id (release_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the topic has, by Kafka's word: one row a release, its latest version.
CREATE TABLE catalogue_published (
  release_id INT UNSIGNED NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  -- SHA-256 of the record's value.
  digest BINARY(32) NOT NULL,
  is_takedown BOOLEAN NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  published_at DATETIME(6) NOT NULL,
  PRIMARY KEY (release_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Of each partition: how many releases are published, and the sum of their digests' first 8 bytes, modulo 2^64. The
-- epoch is that of the producer that may write: one that was replaced meanwhile touches no row, and stores nothing.
CREATE TABLE catalogue_published_sum (
  partition_no INT UNSIGNED NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  epoch INT UNSIGNED NOT NULL,
  releases BIGINT UNSIGNED NOT NULL,
  digest_sum BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (partition_no)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Publications of the whole catalogue. next_release_id is where the one that runs goes on.
CREATE TABLE catalogue_load (
  number INT UNSIGNED NOT NULL AUTO_INCREMENT,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_release_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  releases INT UNSIGNED NOT NULL DEFAULT 0,
  sent INT UNSIGNED NOT NULL DEFAULT 0,
  operator VARCHAR(64) NOT NULL,
  asked_at DATETIME(6) NOT NULL,
  begun_at DATETIME(6) NULL,
  ended_at DATETIME(6) NULL,
  PRIMARY KEY (number),
  CONSTRAINT catalogue_load_state CHECK (state IN ('asked', 'running', 'done'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Marks in the topic: begin and end of a load, and checkpoints with what each partition holds up to them.
CREATE TABLE catalogue_mark (
  number INT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  load_no INT UNSIGNED NULL,
  as_of DATETIME(6) NOT NULL,
  made_at DATETIME(6) NOT NULL,
  PRIMARY KEY (number),
  KEY load_no (load_no, kind),
  CONSTRAINT catalogue_mark_kind CHECK (kind IN ('begin', 'end', 'checkpoint'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_mark_place (
  number INT UNSIGNED NOT NULL,
  partition_no INT UNSIGNED NOT NULL,
  topic_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kafka_offset BIGINT UNSIGNED NOT NULL,
  releases BIGINT UNSIGNED NOT NULL,
  digest_sum BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (number, partition_no)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
