"""The source catalogue: filled from feeds, and published, one release at a time, to the catalogue's topic."""
