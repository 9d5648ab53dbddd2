"""Tests of the shelf that every part uses."""
