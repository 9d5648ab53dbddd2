"""What customers ask of the catalogue: tracks and releases, with the rights to use them."""
