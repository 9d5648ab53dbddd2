"""Kafka to MySQL: the loop, the ledger, and a sink for each family of tables."""
