"""The parts of `playlog dead-letters`: what is shown, and what is done."""
