"""The people behind the emulators: who they are, what they say, how many react and when; the same for the same seed."""
