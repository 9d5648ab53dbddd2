"""Asks the legacy API and ours the same, on its own time, and says whether they answer the same."""
