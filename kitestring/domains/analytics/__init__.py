"""Numbers as the channels reported them, with their lineage, each held against the account's own usual."""
