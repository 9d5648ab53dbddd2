"""Proves the promises on a host: a file of tests for each, which reads and changes nothing there."""
