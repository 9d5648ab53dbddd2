"""Takes play logs: reads and checks a body, publishes it as one record, answers with a receipt."""
