"""A made-up catalogue: as large as is asked for, and the same again for the same seed."""
