"""The tables of both databases, as numbered SQL files, and the programme that applies them."""
