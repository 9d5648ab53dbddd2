"""What `playlog move` does, action by action."""
