"""`playlog status`: how the data centre does, and what wants a person."""
