"""The persister, without Kafka and without a database."""
