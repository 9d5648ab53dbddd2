"""The catalogue from the source to the answer, on real Kafka, MariaDB and nginx."""
