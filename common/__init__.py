"""The shelf: what at least two of the packages use. It imports none of them."""
