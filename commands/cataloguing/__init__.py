"""What `playlog catalogue` does, an action a file."""
