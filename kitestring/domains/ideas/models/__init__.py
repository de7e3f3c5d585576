"""Briefs, ideas, votes, decisions."""

from kitestring.domains.ideas.models.brief import TAB, Brief, Response
from kitestring.domains.ideas.models.decision import Decision
from kitestring.domains.ideas.models.idea import Idea, Vote

__all__ = ["TAB", "Brief", "Decision", "Idea", "Response", "Vote"]
