"""Threads over its own Graph API and its own app."""
