"""Campaigns."""

from kitestring.domains.planning.models.campaign import Campaign

__all__ = ["Campaign"]
