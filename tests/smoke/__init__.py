"""Tests of a running Playlog from outside, by HTTP alone: after each deploy."""
