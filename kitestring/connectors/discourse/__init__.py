"""Discourse forums: topics, answers, private messages, likes, counts, by API key."""
