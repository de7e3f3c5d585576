"""The address of an operator's app for one channel's callbacks, and when an account was last named there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models

from kitestring.domains.channels.models.account import Account
from kitestring.domains.channels.models.app_key import AppKey
from kitestring.kit.clock import now


class AppHook(models.Model):
    """`token_hash`, `sealed`, `heard_at`: as in `Hook`. A workspace's app has an address for each channel that calls it."""

    app_key = models.ForeignKey(AppKey, on_delete=models.CASCADE, related_name="hooks")
    channel = models.SlugField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=now)
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app_key", "channel"], name="app_hook_once")]

    def __str__(self) -> str:
        return f"hook of {self.app_key_id} for {self.channel}"


class Bell(models.Model):
    """`rung_at`: when a genuine call to the address of its app last named the account."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="bell")
    rung_at = models.DateTimeField()

    @staticmethod
    def ring(account_ids: list[UUID], at: datetime) -> None:
        """Note it for these accounts, always in the same order: two calls at once wait for each other and never in a ring."""
        Bell.objects.bulk_create(
            [Bell(account_id=one, rung_at=at) for one in sorted(account_ids)],
            update_conflicts=True,
            unique_fields=["account"],
            update_fields=["rung_at"],
        )

    def __str__(self) -> str:
        return f"bell of {self.account_id}"
