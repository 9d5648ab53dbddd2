"""On the Python path of processes whose clock is moved, and of no other."""
