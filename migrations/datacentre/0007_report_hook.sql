-- What became of REPORT_HOOK for a report that was handed over; a revision says who asked for it.
ALTER TABLE report
  ADD COLUMN operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD COLUMN hook_state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none',
  ADD COLUMN hook_tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  -- The exit status of the last try; 128 + N when signal N ended it, 124 when it took too long.
  ADD COLUMN hook_status SMALLINT UNSIGNED NULL,
  ADD COLUMN hook_at DATETIME(6) NULL,
  ADD CONSTRAINT report_hook CHECK (hook_state IN ('none', 'waiting', 'done'));
