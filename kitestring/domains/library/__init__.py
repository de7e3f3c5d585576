"""The files posts are made of: kept once by content, checked for what they really are, fitted to a channel's limits."""
