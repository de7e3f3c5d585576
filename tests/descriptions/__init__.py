"""Holding connectors and emulators against the vendors' own API descriptions, where those are at hand."""
