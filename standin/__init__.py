"""A stand-in of the legacy API, for `make run` and the tests: answers from the data centre's own catalogue tables."""
