"""The parts of `playlog doctor`: what is looked at in each store, and how it is told."""
