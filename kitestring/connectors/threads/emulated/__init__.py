"""The parts of the emulated Threads."""
