"""Bluesky and other servers of the AT protocol: posts, answers, counts, by app password."""
