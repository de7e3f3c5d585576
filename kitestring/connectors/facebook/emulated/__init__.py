"""The parts of the emulated Facebook."""
