-- What each user of the data-centre database may do. Run by an administrator after the migrations; safe to repeat.
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.consumer_offset TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.request TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.day_cut TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.gap TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.play_log TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.idempotency_key TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.client_log_id TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.dead_letter TO playlog_persister;
GRANT SELECT ON playlog_datacentre.erased TO playlog_persister;
GRANT SELECT ON playlog_datacentre.erasure_version TO playlog_persister;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.persister TO playlog_persister;
GRANT SELECT ON playlog_datacentre.consumer_offset TO playlog_reports;
GRANT SELECT ON playlog_datacentre.request TO playlog_reports;
GRANT SELECT ON playlog_datacentre.day_cut TO playlog_reports;
GRANT SELECT ON playlog_datacentre.gap TO playlog_reports;
GRANT SELECT ON playlog_datacentre.play_log TO playlog_reports;
GRANT SELECT ON playlog_datacentre.dead_letter TO playlog_reports;
GRANT SELECT ON playlog_datacentre.replay TO playlog_reports;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.report TO playlog_reports;
GRANT SELECT (track_id, release_id, title, version_title, artist_id, appears_as) ON playlog_datacentre.catalogue_track
  TO playlog_reports;
GRANT SELECT (release_id, title) ON playlog_datacentre.catalogue_release TO playlog_reports;
GRANT SELECT (artist_id, name) ON playlog_datacentre.catalogue_artist TO playlog_reports;
-- The operator's words that only read: ledger, receipt, status, doctor. No listener's data.
GRANT SELECT ON playlog_datacentre.schema_migration TO playlog_reader;
GRANT SELECT ON playlog_datacentre.consumer_offset TO playlog_reader;
GRANT SELECT ON playlog_datacentre.request TO playlog_reader;
GRANT SELECT ON playlog_datacentre.day_cut TO playlog_reader;
GRANT SELECT ON playlog_datacentre.gap TO playlog_reader;
GRANT SELECT ON playlog_datacentre.replay TO playlog_reader;
GRANT SELECT ON playlog_datacentre.report TO playlog_reader;
GRANT SELECT ON playlog_datacentre.persister TO playlog_reader;
GRANT SELECT (id, release_id, version, changed_at, attempts, failure, retry_at) ON playlog_datacentre.catalogue_outbox
  TO playlog_reader;
GRANT SELECT (received_day, request_id, item, client, stream, is_test) ON playlog_datacentre.play_log TO playlog_reader;
GRANT SELECT (id, topic, topic_id, partition_no, kafka_offset, item, request_id, client, stream, reason, received_day,
  made_at, state, closed_at) ON playlog_datacentre.dead_letter TO playlog_reader;
-- `playlog dead-letters`: stores what couldn't be stored, on the day of the replay.
GRANT SELECT ON playlog_datacentre.report TO playlog_dead_letters;
GRANT SELECT ON playlog_datacentre.consumer_offset TO playlog_dead_letters;
GRANT SELECT ON playlog_datacentre.erased TO playlog_dead_letters;
GRANT SELECT ON playlog_datacentre.erasure_version TO playlog_dead_letters;
GRANT SELECT, UPDATE (state, closed_at, closed_by, closed_reason) ON playlog_datacentre.dead_letter
  TO playlog_dead_letters;
GRANT SELECT, INSERT ON playlog_datacentre.replay TO playlog_dead_letters;
GRANT SELECT (request_id) ON playlog_datacentre.request TO playlog_dead_letters;
GRANT INSERT ON playlog_datacentre.play_log TO playlog_dead_letters;
GRANT SELECT, INSERT ON playlog_datacentre.idempotency_key TO playlog_dead_letters;
GRANT SELECT, INSERT ON playlog_datacentre.client_log_id TO playlog_dead_letters;
-- `playlog listeners`: exports a listener's logs, and takes the name off them.
GRANT SELECT, UPDATE (user_id, user_agent) ON playlog_datacentre.play_log TO playlog_listeners;
GRANT SELECT, UPDATE (value_zlib, value_bytes, value_sha256, headers_json) ON playlog_datacentre.dead_letter
  TO playlog_listeners;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.erased TO playlog_listeners;
GRANT SELECT, UPDATE ON playlog_datacentre.erasure_version TO playlog_listeners;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.erasure_day TO playlog_listeners;
GRANT SELECT, INSERT ON playlog_datacentre.report TO playlog_listeners;
-- `playlog catalogue`: fills the catalogue, and asks for its publication. Versions and outbox: also by triggers.
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_artist TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_label TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_licensor TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_package TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_format TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_release TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_track TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_right TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_price TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_price_format TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.catalogue_version TO playlog_catalogue;
GRANT SELECT ON playlog_datacentre.catalogue_outbox TO playlog_catalogue;
GRANT SELECT, DELETE ON playlog_datacentre.catalogue_published TO playlog_catalogue;
GRANT SELECT, DELETE ON playlog_datacentre.catalogue_published_sum TO playlog_catalogue;
GRANT SELECT, INSERT ON playlog_datacentre.catalogue_load TO playlog_catalogue;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.catalogue_feed TO playlog_catalogue;
GRANT SELECT ON playlog_datacentre.catalogue_mark TO playlog_catalogue;
GRANT SELECT ON playlog_datacentre.catalogue_mark_place TO playlog_catalogue;
-- `playlog catalogue-produce`: reads the catalogue, and keeps what is published.
GRANT SELECT ON playlog_datacentre.catalogue_artist TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_label TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_licensor TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_package TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_format TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_release TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_track TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_right TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_price TO playlog_catalogue_producer;
GRANT SELECT ON playlog_datacentre.catalogue_price_format TO playlog_catalogue_producer;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.catalogue_version TO playlog_catalogue_producer;
GRANT SELECT, UPDATE, DELETE ON playlog_datacentre.catalogue_outbox TO playlog_catalogue_producer;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_datacentre.catalogue_published TO playlog_catalogue_producer;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.catalogue_published_sum TO playlog_catalogue_producer;
GRANT SELECT, UPDATE ON playlog_datacentre.catalogue_load TO playlog_catalogue_producer;
GRANT SELECT, INSERT, DELETE ON playlog_datacentre.catalogue_mark TO playlog_catalogue_producer;
GRANT SELECT, INSERT, DELETE ON playlog_datacentre.catalogue_mark_place TO playlog_catalogue_producer;
