-- What a report's page says beside the day's own data, as it stood when the report was made: names, and the days before.
-- NULL for reports of earlier versions.
ALTER TABLE report ADD COLUMN context_json MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
