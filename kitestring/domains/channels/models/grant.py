"""An account's consent, sealed at rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

LEAD: Final = timedelta(minutes=20)
LONGEST_LEAD: Final = timedelta(days=5)
ASK_AGAIN: Final = timedelta(hours=6)


class StoredGrant(models.Model):
    """`sealed` is opened only by `channels.sessions`; nothing else reads it.

    `refused_at`, `refused`: the channel would not renew it, and why; it still opens until `expires_at`.
    `doubted_at`: when a call was last refused by it; two such refusals with a renewal between them end it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="grant")
    sealed = models.TextField()
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(default=now)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=60, blank=True, default="", db_default="")
    doubted_at = models.DateTimeField(null=True, blank=True)

    @property
    def lead(self) -> timedelta:
        """How long before its end it is renewed: a tenth of its life, so that a no is known days before it matters."""
        if self.expires_at is None:
            return LEAD
        return max(LEAD, min(LONGEST_LEAD, (self.expires_at - self.renewed_at) / 10))

    def wants_renewal(self, moment: datetime) -> bool:
        """Whether to ask the channel now. After a no only every few hours: somebody may have cured it there."""
        if self.expires_at is None or self.expires_at > moment + self.lead:
            return False
        near = self.expires_at <= moment + LEAD
        return near or self.refused_at is None or moment - self.refused_at >= ASK_AGAIN
