-- oldest code: 0000
-- Whoever changes the catalogue, by whatever program: the release's version rises in the same transaction, and each new
-- version leaves a row in the outbox. A program that changes many rows of a release and raises its version itself, once,
-- sets @catalogue_is_told, and then those of its rows keep still; what releases share (artists, labels) always speaks.
CREATE TRIGGER catalogue_version_added AFTER INSERT ON catalogue_version FOR EACH ROW
  INSERT INTO catalogue_outbox (release_id, version, changed_at) VALUES (NEW.release_id, NEW.version, NEW.changed_at);
CREATE TRIGGER catalogue_version_raised AFTER UPDATE ON catalogue_version FOR EACH ROW
  INSERT INTO catalogue_outbox (release_id, version, changed_at)
  SELECT NEW.release_id, NEW.version, NEW.changed_at FROM DUAL WHERE NEW.version > OLD.version;

-- release
CREATE TRIGGER catalogue_release_insert AFTER INSERT ON catalogue_release FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT NEW.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_release_delete AFTER DELETE ON catalogue_release FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT OLD.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_release_update AFTER UPDATE ON catalogue_release FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT NEW.release_id AS release_id UNION SELECT OLD.release_id) AS changed
  WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- track
CREATE TRIGGER catalogue_track_insert AFTER INSERT ON catalogue_track FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT NEW.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_track_delete AFTER DELETE ON catalogue_track FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT OLD.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_track_update AFTER UPDATE ON catalogue_track FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT NEW.release_id AS release_id UNION SELECT OLD.release_id) AS changed
  WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- right
CREATE TRIGGER catalogue_right_insert AFTER INSERT ON catalogue_right FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT NEW.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_right_delete AFTER DELETE ON catalogue_right FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT OLD.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_right_update AFTER UPDATE ON catalogue_right FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT NEW.release_id AS release_id UNION SELECT OLD.release_id) AS changed
  WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- price
CREATE TRIGGER catalogue_price_insert AFTER INSERT ON catalogue_price FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT NEW.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_price_delete AFTER DELETE ON catalogue_price FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT OLD.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_price_update AFTER UPDATE ON catalogue_price FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT NEW.release_id AS release_id UNION SELECT OLD.release_id) AS changed
  WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- price_format
CREATE TRIGGER catalogue_price_format_insert AFTER INSERT ON catalogue_price_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT NEW.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_price_format_delete AFTER DELETE ON catalogue_price_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT OLD.release_id, 1, UTC_TIMESTAMP(6) FROM DUAL WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_price_format_update AFTER UPDATE ON catalogue_price_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT NEW.release_id AS release_id UNION SELECT OLD.release_id) AS changed
  WHERE @catalogue_is_told IS NULL
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- artist: of every release that names it
CREATE TRIGGER catalogue_artist_insert AFTER INSERT ON catalogue_artist FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE artist_id = NEW.artist_id
    UNION SELECT release_id FROM catalogue_track WHERE artist_id = NEW.artist_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_artist_update AFTER UPDATE ON catalogue_artist FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE artist_id = NEW.artist_id
    UNION SELECT release_id FROM catalogue_track WHERE artist_id = NEW.artist_id) AS changed
  WHERE NOT (NEW.name <=> OLD.name AND NEW.sort_name <=> OLD.sort_name AND NEW.slug <=> OLD.slug AND NEW.image <=> OLD.image AND NEW.is_placeholder_image <=> OLD.is_placeholder_image)
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_artist_delete AFTER DELETE ON catalogue_artist FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE artist_id = OLD.artist_id
    UNION SELECT release_id FROM catalogue_track WHERE artist_id = OLD.artist_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- label: of every release that names it
CREATE TRIGGER catalogue_label_insert AFTER INSERT ON catalogue_label FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE label_id = NEW.label_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_label_update AFTER UPDATE ON catalogue_label FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE label_id = NEW.label_id) AS changed
  WHERE NOT (NEW.name <=> OLD.name)
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_label_delete AFTER DELETE ON catalogue_label FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE label_id = OLD.label_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- licensor: of every release that names it
CREATE TRIGGER catalogue_licensor_insert AFTER INSERT ON catalogue_licensor FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE licensor_id = NEW.licensor_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_licensor_update AFTER UPDATE ON catalogue_licensor FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE licensor_id = NEW.licensor_id) AS changed
  WHERE NOT (NEW.name <=> OLD.name)
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_licensor_delete AFTER DELETE ON catalogue_licensor FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT release_id FROM catalogue_release WHERE licensor_id = OLD.licensor_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- package: of every release that names it
CREATE TRIGGER catalogue_package_insert AFTER INSERT ON catalogue_package FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price WHERE package_id = NEW.package_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_package_update AFTER UPDATE ON catalogue_package FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price WHERE package_id = NEW.package_id) AS changed
  WHERE NOT (NEW.description <=> OLD.description)
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_package_delete AFTER DELETE ON catalogue_package FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price WHERE package_id = OLD.package_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);

-- format: of every release that names it
CREATE TRIGGER catalogue_format_insert AFTER INSERT ON catalogue_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price_format WHERE format_id = NEW.format_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_format_update AFTER UPDATE ON catalogue_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price_format WHERE format_id = NEW.format_id) AS changed
  WHERE NOT (NEW.description <=> OLD.description)
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
CREATE TRIGGER catalogue_format_delete AFTER DELETE ON catalogue_format FOR EACH ROW
  INSERT INTO catalogue_version (release_id, version, changed_at)
  SELECT changed.release_id, 1, UTC_TIMESTAMP(6)
  FROM (SELECT DISTINCT release_id FROM catalogue_price_format WHERE format_id = OLD.format_id) AS changed
  WHERE TRUE
  ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at);
