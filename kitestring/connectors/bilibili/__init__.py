"""Bilibili by its open platform: videos and articles that are reviewed before anybody sees them, and their numbers."""
