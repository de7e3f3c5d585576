"""An account's address for its channel's callbacks."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.kit.clock import now


class Hook(models.Model):
    """`token_hash`: of the secret part of the address. `sealed` holds that part and what was agreed with the channel, and is
    opened only by `channels.sessions`. `heard_at`: when the last genuine callback came.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="hook")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=now)
    heard_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"hook of {self.account_id}"
