"""Pages of the inbox: list, thread, person."""
