"""Brings what has changed, and the whole catalogue when it is asked for, from the tables to the topic."""
