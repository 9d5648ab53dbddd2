"""Paths that several of the app's rooms know."""

#: The four look-ups of the catalogue.
TRACK_PATHS = frozenset(
    {"/1.2/track/details", "/1.2/track/details/batch", "/1.2/release/details", "/1.2/release/tracks"}
)
