"""What people wrote, as an account's channel brought it, until the inbox has taken it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now


class Arrival(models.Model):
    """`told`: one message, as `connectorkit.hooks.packed` makes it. The channel tells it once: this row is all there is of it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="arrivals")
    told = models.JSONField()
    came_at = models.DateTimeField(default=now)

    @staticmethod
    def put(account_id: UUID, told: Iterable[dict[str, Any]]) -> None:
        """Put these down for the account, in their order."""
        Arrival.objects.bulk_create(Arrival(account_id=account_id, told=one) for one in told)

    def __str__(self) -> str:
        return f"arrival {self.pk} of {self.account_id}"
