"""Who is it, and may it: the clients and their keys."""
