"""Kitestring: from the brief to the report, for the people who run a brand's social media."""
