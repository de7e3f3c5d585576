"""Why a command could not do what was asked, as a sentence for the person at the keyboard."""

from __future__ import annotations


class CommandFailed(Exception):
    """The text says what happened, what was kept and what to do."""
