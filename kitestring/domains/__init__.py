"""The domains, one Django app each, in the order that `.importlinter` states as law."""
