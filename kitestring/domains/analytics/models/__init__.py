"""Samples and when the next one is read."""

from kitestring.domains.analytics.models.sample import Sample
from kitestring.domains.analytics.models.watch import Watch

__all__ = ["Sample", "Watch"]
