-- The catalogue as the data centre has it: what is sold, and by whom, where and from when. track_id 0 means the release
-- itself. There are no foreign keys: feeds name a track before its release, and an artist before anything else.
CREATE TABLE catalogue_artist (
  artist_id INT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  sort_name VARCHAR(255) NULL,
  slug VARCHAR(255) NULL,
  image VARCHAR(500) NULL,
  is_placeholder_image BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (artist_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_label (
  label_id INT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (label_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_licensor (
  licensor_id INT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (licensor_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_package (
  package_id INT UNSIGNED NOT NULL,
  description VARCHAR(100) NOT NULL,
  PRIMARY KEY (package_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_format (
  format_id INT UNSIGNED NOT NULL,
  description VARCHAR(100) NOT NULL,
  PRIMARY KEY (format_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_release (
  release_id INT UNSIGNED NOT NULL,
  title VARCHAR(500) NOT NULL,
  version_title VARCHAR(255) NOT NULL DEFAULT '',
  type VARCHAR(32) NOT NULL,
  -- Leading zeros are part of it.
  barcode VARCHAR(14) CHARACTER SET ascii COLLATE ascii_bin NULL,
  year SMALLINT UNSIGNED NULL,
  is_explicit BOOLEAN NOT NULL DEFAULT FALSE,
  artist_id INT UNSIGNED NOT NULL,
  appears_as VARCHAR(500) NULL,
  label_id INT UNSIGNED NULL,
  licensor_id INT UNSIGNED NULL,
  duration_seconds INT UNSIGNED NULL,
  track_count SMALLINT UNSIGNED NULL,
  slug VARCHAR(255) NULL,
  -- <$size$> in it stands for the wanted size in pixels.
  image VARCHAR(500) NULL,
  url VARCHAR(500) NULL,
  genres VARCHAR(500) NOT NULL DEFAULT '',
  cline VARCHAR(500) NULL,
  pline VARCHAR(500) NULL,
  added_at DATETIME(6) NULL,
  PRIMARY KEY (release_id),
  KEY artist (artist_id),
  KEY label (label_id),
  KEY licensor (licensor_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_track (
  track_id INT UNSIGNED NOT NULL,
  release_id INT UNSIGNED NOT NULL,
  title VARCHAR(500) NOT NULL,
  version_title VARCHAR(255) NOT NULL DEFAULT '',
  type VARCHAR(16) NOT NULL,
  -- Recordings appear on several releases: not unique.
  isrc VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
  is_explicit BOOLEAN NOT NULL DEFAULT FALSE,
  track_number SMALLINT UNSIGNED NOT NULL,
  disc_number SMALLINT UNSIGNED NOT NULL DEFAULT 1,
  artist_id INT UNSIGNED NOT NULL,
  appears_as VARCHAR(500) NULL,
  duration_seconds INT UNSIGNED NULL,
  url VARCHAR(500) NULL,
  pline VARCHAR(500) NULL,
  popularity DECIMAL(4, 2) NULL,
  PRIMARY KEY (track_id),
  KEY place (release_id, disc_number, track_number),
  KEY artist (artist_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A right: this use in this country, from a moment, to a moment where it ends.
CREATE TABLE catalogue_right (
  release_id INT UNSIGNED NOT NULL,
  track_id INT UNSIGNED NOT NULL,
  usage_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts_at DATETIME(6) NOT NULL,
  ends_at DATETIME(6) NULL,
  preview_at DATETIME(6) NULL,
  PRIMARY KEY (release_id, track_id, usage_type, country, starts_at),
  CONSTRAINT catalogue_usage_type CHECK (usage_type IN ('download', 'subscriptionStreaming', 'adSupportedStreaming'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_price (
  release_id INT UNSIGNED NOT NULL,
  track_id INT UNSIGNED NOT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  package_id INT UNSIGNED NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price DECIMAL(10, 2) NULL,
  recommended_price DECIMAL(10, 2) NULL,
  PRIMARY KEY (release_id, track_id, country, package_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE catalogue_price_format (
  release_id INT UNSIGNED NOT NULL,
  track_id INT UNSIGNED NOT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  package_id INT UNSIGNED NOT NULL,
  format_id INT UNSIGNED NOT NULL,
  PRIMARY KEY (release_id, track_id, country, package_id, format_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a feed's numbers mean (docs.massivemusic.com, reference/track-details; SevenDigital.Api.Schema, Packages).
INSERT INTO catalogue_package (package_id, description) VALUES (2, 'Standard'), (9, 'Premium'), (12, 'Deluxe tier 1')
ON DUPLICATE KEY UPDATE description = VALUES(description);
INSERT INTO catalogue_format (format_id, description)
VALUES (17, 'MP3 320'), (33, 'AAC 320'), (45, 'FLAC 16/44.1'), (52, 'FLAC 24/44.1')
ON DUPLICATE KEY UPDATE description = VALUES(description);

-- Which update of a feed came last, of each kind and country.
CREATE TABLE catalogue_feed (
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day DATE NOT NULL,
  sha256 BINARY(32) NOT NULL,
  line_count INT UNSIGNED NOT NULL,
  loaded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (kind, country, day)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
