"""Moves URLs from the legacy API to ours, one at a time: the map, who follows it, the gate, and the comparator."""
