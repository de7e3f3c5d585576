"""What a channel said of an account when it was last asked how it is."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now


class Checkup(models.Model):
    """`findings`: [{"state", "reason", "params"}] as the connector gave them; `scopes` None: the channel does not tell.

    `left`: quota key -> how many are left there. A channel that could not be asked leaves the last one standing.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="checkup"
    )
    findings = models.JSONField(default=list)
    scopes = models.JSONField(null=True, default=None)
    left = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"checkup of {self.account_id}"
