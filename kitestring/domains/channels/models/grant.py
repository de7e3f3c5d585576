"""An account's consent, sealed at rest."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class StoredGrant(models.Model):
    """`sealed` is opened only by `channels.sessions`; nothing else reads it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="grant")
    sealed = models.TextField()
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(default=now)
