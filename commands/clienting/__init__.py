"""What `playlog clients` does, action by action."""
