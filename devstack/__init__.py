"""Real Kafka, MariaDB and nginx as ordinary processes of the user, for make run, the tests and the benchmarks."""
