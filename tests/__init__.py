"""The tests: unit (no service), integration (real servers), faults (they are killed), smoke (HTTP alone)."""
