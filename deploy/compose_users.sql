-- The schemas and users of docker compose; MariaDB's image runs this once, when its data folder is empty.
-- Each user's rights on tables come later, from migrations/*/grants.sql.
CREATE DATABASE IF NOT EXISTS playlog_region CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS playlog_datacentre CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'playlog_migrate'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_app'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_clients'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_persister'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_reports'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_reader'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_dead_letters'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_listeners'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_catalogue'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_catalogue_producer'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_catalogue_sink'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_move'@'%' IDENTIFIED BY 'local-only-password';
CREATE USER IF NOT EXISTS 'playlog_moves'@'%' IDENTIFIED BY 'local-only-password';
GRANT ALL PRIVILEGES ON playlog_region.* TO 'playlog_migrate'@'%';
GRANT ALL PRIVILEGES ON playlog_datacentre.* TO 'playlog_migrate'@'%';
