-- What each user of the region database may do. Run by an administrator after the migrations; safe to repeat.
GRANT SELECT ON playlog_region.client TO playlog_app;
GRANT SELECT, UPDATE (last_used_at) ON playlog_region.client_key TO playlog_app;
GRANT SELECT ON playlog_region.client_service TO playlog_app;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client_usage TO playlog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.oauth_nonce TO playlog_app;
GRANT SELECT ON playlog_region.schema_migration TO playlog_app;
GRANT SELECT ON playlog_region.consumer_offset TO playlog_app;
GRANT SELECT ON playlog_region.catalogue_release TO playlog_app;
GRANT SELECT ON playlog_region.catalogue_track TO playlog_app;
GRANT SELECT ON playlog_region.catalogue_record TO playlog_app;
GRANT SELECT ON playlog_region.catalogue_mark TO playlog_app;
GRANT SELECT ON playlog_region.catalogue_sum TO playlog_app;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client TO playlog_clients;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client_key TO playlog_clients;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.client_service TO playlog_clients;
GRANT SELECT ON playlog_region.client_usage TO playlog_clients;
-- `playlog catalogue-consume`: keeps the region's copy of the catalogue.
GRANT SELECT, INSERT, UPDATE ON playlog_region.consumer_offset TO playlog_catalogue_sink;
GRANT SELECT, INSERT ON playlog_region.gap TO playlog_catalogue_sink;
GRANT SELECT, INSERT ON playlog_region.dead_letter TO playlog_catalogue_sink;
GRANT SELECT, INSERT, UPDATE ON playlog_region.catalogue_release TO playlog_catalogue_sink;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.catalogue_track TO playlog_catalogue_sink;
GRANT SELECT, INSERT, DELETE ON playlog_region.catalogue_record TO playlog_catalogue_sink;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.catalogue_sum TO playlog_catalogue_sink;
GRANT SELECT, INSERT, DELETE ON playlog_region.catalogue_mark TO playlog_catalogue_sink;
-- `playlog catalogue verify` and `trace`, in the region.
GRANT SELECT ON playlog_region.consumer_offset TO playlog_catalogue;
GRANT SELECT ON playlog_region.catalogue_release TO playlog_catalogue;
GRANT SELECT ON playlog_region.catalogue_track TO playlog_catalogue;
GRANT SELECT ON playlog_region.catalogue_record TO playlog_catalogue;
GRANT SELECT ON playlog_region.catalogue_sum TO playlog_catalogue;
GRANT SELECT ON playlog_region.catalogue_mark TO playlog_catalogue;
-- `playlog move`: changes the map, and reads what speaks for it and against it.
GRANT SELECT, INSERT ON playlog_region.move_version TO playlog_move;
GRANT SELECT, DELETE ON playlog_region.move_nginx TO playlog_move;
GRANT SELECT ON playlog_region.move_comparison TO playlog_move;
GRANT SELECT ON playlog_region.move_comparator TO playlog_move;
GRANT SELECT (name, revoked_at) ON playlog_region.client TO playlog_move;
GRANT SELECT ON playlog_region.consumer_offset TO playlog_move;
GRANT SELECT ON playlog_region.catalogue_release TO playlog_move;
GRANT SELECT ON playlog_region.catalogue_track TO playlog_move;
GRANT SELECT ON playlog_region.catalogue_record TO playlog_move;
GRANT SELECT ON playlog_region.catalogue_sum TO playlog_move;
GRANT SELECT ON playlog_region.catalogue_mark TO playlog_move;
-- `playlog moves`: beside each nginx. The comparator takes a move back by itself, and forgets old comparisons.
GRANT SELECT, INSERT ON playlog_region.move_version TO playlog_moves;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.move_nginx TO playlog_moves;
GRANT SELECT, INSERT, DELETE ON playlog_region.move_comparison TO playlog_moves;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.move_comparator TO playlog_moves;
