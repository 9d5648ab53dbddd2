-- What the gateway knows: what a client may use and how much a day, its keys and their secrets, what it has used.

-- Requests a GMT day; NULL for no limit.
ALTER TABLE client ADD COLUMN daily_limit INT UNSIGNED NULL;

-- A client has two keys while it moves from one to the other. Of a key only its HMAC-SHA256 under CLIENT_KEY_SECRET is
-- kept; its OAuth secret is sealed by AES-256-GCM under the key of CLIENT_SECRET_KEYS that secret_key_id names.
CREATE TABLE client_key (
  key_hmac BINARY(32) NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(6) NOT NULL,
  revoked_at DATETIME(6) NULL,
  last_used_at DATETIME(6) NULL,
  secret_key_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  secret_sealed VARBINARY(255) NULL,
  PRIMARY KEY (key_hmac),
  KEY client (client)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What isn't here is denied. The service is one (logs.preview) or a family (legacy.*).
CREATE TABLE client_service (
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  service VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  must_sign BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (client, service)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Requests of a client on a GMT day: those that were let in and not answered with a 5xx of ours. Where the client has a
-- limit, what processes took ahead is in it until they give it back.
CREATE TABLE client_usage (
  day DATE NOT NULL,
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  used INT UNSIGNED NOT NULL,
  PRIMARY KEY (day, client)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Nonces of signed requests (SHA-256 of client, timestamp and nonce), until nobody accepts their timestamp any more.
CREATE TABLE oauth_nonce (
  signed_at INT UNSIGNED NOT NULL,
  nonce_hash BINARY(32) NOT NULL,
  PRIMARY KEY (signed_at, nonce_hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The clients of before keep their key, and what they might use.
INSERT INTO client_key (key_hmac, client, created_at, revoked_at)
SELECT key_hmac, name, created_at, revoked_at FROM client
ON DUPLICATE KEY UPDATE client = client_key.client;

INSERT INTO client_service (client, service)
SELECT name, 'logs.*' FROM client
ON DUPLICATE KEY UPDATE must_sign = client_service.must_sign;
