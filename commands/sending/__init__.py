"""Sends files of play logs, each log once, whatever is killed. Imports none of our other packages, so it can move."""
