"""One account's lane: its deliveries go out one behind the other, no faster than the channel allows."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models import Account


class Lane(models.Model):
    """`owner`, `lease_until`: the batch that sends on this account now. `not_before`: the channel asked us to wait.

    `tokens`, `filled_at`: the bucket of calls the manifest's pace allows, as it stood at `filled_at`.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="lane")
    owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    tokens = models.FloatField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"lane of {self.account_id}"
