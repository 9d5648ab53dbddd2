"""Tests of one piece at a time, without any service."""
