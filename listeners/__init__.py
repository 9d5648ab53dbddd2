"""A listener's rights: what is kept of one, and how the name is taken off it while counts and proofs stay."""
