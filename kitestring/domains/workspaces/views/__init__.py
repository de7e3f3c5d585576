"""The settings pages, and the two doors by which people come in."""
