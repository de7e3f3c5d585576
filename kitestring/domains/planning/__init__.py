"""Campaigns: posts that share one goal and one period, and know the decision they came from."""
