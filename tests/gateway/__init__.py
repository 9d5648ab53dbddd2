"""The gateway on real nginx, MariaDB and Kafka, in front of our own endpoints and of a stub of the legacy API."""
