"""Stand-ins for what is outside the process; each passes the contract tests of what it stands for."""
