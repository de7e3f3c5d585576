"""The inner parts of the Bilibili emulator: its door, what was uploaded, the works and their review."""
