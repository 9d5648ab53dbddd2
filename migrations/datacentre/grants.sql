-- What each user of the data-centre database may do. Run by an administrator after the migrations; safe to repeat.
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.consumer_offset TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.request TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.day_cut TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.gap TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.play_log TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.idempotency_key TO playlog_persister;
GRANT SELECT, INSERT ON playlog_datacentre.client_log_id TO playlog_persister;
GRANT SELECT, INSERT, UPDATE ON playlog_datacentre.dead_letter TO playlog_persister;
GRANT SELECT ON playlog_datacentre.consumer_offset TO playlog_reports;
GRANT SELECT ON playlog_datacentre.request TO playlog_reports;
GRANT SELECT ON playlog_datacentre.day_cut TO playlog_reports;
GRANT SELECT ON playlog_datacentre.gap TO playlog_reports;
GRANT SELECT ON playlog_datacentre.play_log TO playlog_reports;
GRANT SELECT ON playlog_datacentre.dead_letter TO playlog_reports;
GRANT SELECT, INSERT ON playlog_datacentre.report TO playlog_reports;
