"""Tests of the built images: the unit tests inside, and the whole way through them on real stores."""
