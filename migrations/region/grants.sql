-- What each user of the region database may do. Run by an administrator after the migrations; safe to repeat.
GRANT SELECT ON playlog_region.client TO playlog_app;
GRANT SELECT ON playlog_region.schema_migration TO playlog_app;
GRANT SELECT, INSERT, UPDATE ON playlog_region.client TO playlog_clients;
