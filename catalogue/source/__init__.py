"""The data centre's tables of the catalogue: whole releases are read, and versions raised."""
