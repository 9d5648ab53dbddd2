"""Tests on real Kafka, MariaDB and nginx, started by the devstack."""
