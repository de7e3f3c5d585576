"""The parts of Meta's emulators that several channels share."""
