"""Moving URLs on the real nginx, database and apps: the map, two nginx that follow it, the comparator, the way back."""
