"""Tests of the command line's dispatcher and of the test runner's own bookkeeping."""
