"""Puts a version into a region: registers the task, rolls it out, proves it by the smoke suite, or goes back."""
