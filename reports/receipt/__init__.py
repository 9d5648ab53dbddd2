"""`playlog receipt`: what became of one request, from Kafka to the report."""
