-- What each user of the region database may do. Run by an administrator after the migrations; safe to repeat.
GRANT SELECT ON playlog_region.client TO playlog_app;
GRANT SELECT, UPDATE (last_used_at) ON playlog_region.client_key TO playlog_app;
GRANT SELECT ON playlog_region.client_service TO playlog_app;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client_usage TO playlog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.oauth_nonce TO playlog_app;
GRANT SELECT ON playlog_region.schema_migration TO playlog_app;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client TO playlog_clients;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client_key TO playlog_clients;
GRANT SELECT, INSERT, UPDATE, DELETE ON playlog_region.client_service TO playlog_clients;
GRANT SELECT ON playlog_region.client_usage TO playlog_clients;
