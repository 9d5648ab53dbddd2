"""Tests that kill, stop and cut what Playlog runs on: each log counts once all the same."""
