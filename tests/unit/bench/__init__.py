"""Tests of the benchmarks' own parts: a figure is only as good as the program that counts."""
