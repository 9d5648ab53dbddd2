"""The sink of the play logs: request rows, log rows, repeats and dead letters of one batch."""
