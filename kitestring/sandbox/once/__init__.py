"""Walks the whole line once, from the brief to the report, on an instance of its own: `bin/demo --once`."""
