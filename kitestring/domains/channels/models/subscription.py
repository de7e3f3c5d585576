"""Whether an account's channel calls us, by its own word."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now


class Subscription(models.Model):
    """`since`: from when it is known to call; None where it does not, and then `reason` and `params` say why.

    `at`: when it was seen to last.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="subscription"
    )
    since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"subscription of {self.account_id}"
