"""Loads the platform's feed files (gzip CSV, a country each) into the tables of the catalogue."""
