"""The parts of the emulated Instagram."""
