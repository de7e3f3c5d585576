"""Discord's side for tests and the demo: its world, its messages, its permissions."""
