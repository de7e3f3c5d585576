"""The parts of the emulated channel."""
