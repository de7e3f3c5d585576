"""Approval bound to a revision: an edit afterwards voids it, visibly."""
