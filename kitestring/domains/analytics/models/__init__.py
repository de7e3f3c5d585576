"""Samples and when the next one is read."""

from kitestring.domains.analytics.models.account_sample import AccountSample, AccountWatch
from kitestring.domains.analytics.models.sample import Sample
from kitestring.domains.analytics.models.watch import Watch

__all__ = ["AccountSample", "AccountWatch", "Sample", "Watch"]
