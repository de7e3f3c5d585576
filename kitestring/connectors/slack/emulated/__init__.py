"""Slack's side for tests and the demo: its workspaces, its messages, its files."""
