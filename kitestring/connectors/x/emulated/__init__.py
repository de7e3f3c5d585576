"""X's API v2 as far as the connector speaks it, in the words of its documents."""
