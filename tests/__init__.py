"""The tests: unit (no service), integration (real Kafka, MariaDB and nginx), smoke (HTTP alone)."""
