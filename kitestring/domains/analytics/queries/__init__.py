"""Reads of numbers: samples, each post against its account, the one number that moved."""
