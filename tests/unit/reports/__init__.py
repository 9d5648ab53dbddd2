"""Reports: the pure parts, and files in a temporary folder."""
