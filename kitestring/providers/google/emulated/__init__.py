"""How Google answers, for the emulators of its channels."""
