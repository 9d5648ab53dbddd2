"""The HTTP contract, for machines at /openapi.json and for people at /docs/: made from the schemas that decide."""
