"""Proves that source, topic and region hold the same, and follows one release through all of them."""
