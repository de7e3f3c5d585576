"""What can go wrong with the embedded database, each as a sentence a person can act on."""

from __future__ import annotations


class Trouble(Exception):
    """The database cannot be had; the text says why and what to do."""


class Busy(Trouble):
    """Another process already owns this data folder's database."""
