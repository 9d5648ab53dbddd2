-- Who may send logs. The key itself is never stored: only its HMAC-SHA256 under CLIENT_KEY_SECRET.
CREATE TABLE client (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_hmac BINARY(32) NOT NULL,
  is_test BOOLEAN NOT NULL DEFAULT FALSE,
  created_at DATETIME(6) NOT NULL,
  revoked_at DATETIME(6) NULL,
  PRIMARY KEY (name),
  UNIQUE KEY key_hmac (key_hmac)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
