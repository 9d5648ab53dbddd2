"""What `make deploy` decides."""
