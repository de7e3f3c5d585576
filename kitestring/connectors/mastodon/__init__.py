"""Mastodon and servers that speak its API: posts, answers, counts, by access token."""
