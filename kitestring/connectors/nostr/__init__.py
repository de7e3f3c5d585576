"""Nostr: signed notes and articles on several relays, their answers and likes, by a key of one's own."""
