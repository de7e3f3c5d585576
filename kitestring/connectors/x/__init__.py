"""X: posts, threads, replies, mentions, private messages and numbers through API v2, by the operator's own app."""
