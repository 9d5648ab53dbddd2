"""The dead letters after the persister has written them: looked at, stored after all, or dropped."""
