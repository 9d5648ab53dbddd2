"""`playlog ledger`: what was accepted, and what became of it, balanced while everything runs on."""
