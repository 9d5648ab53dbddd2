"""The loop of the data centre's hosts on real ones: red, green, nothing more to do, drift, kills, a lost server."""
