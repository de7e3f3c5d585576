"""Deletes sessions that have ended: they open nothing, and say who signed in when."""

from __future__ import annotations

from kitestring.domains.workspaces.queries import ended_sessions


def forget_sessions() -> int:
    """For the worker; returns how many."""
    gone, _rows = ended_sessions().delete()
    return gone
