"""A number of a whole account on a day, as the channel reported it. Rows are only ever added: one a number and day."""

from __future__ import annotations

from typing import Self

from django.db import models

from kitestring.domains.channels.models import Account
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class AccountSample(models.Model):
    """`day` is the brand's own; `field` the API field it was read from, `at` the moment it holds for.

    `value` None: the channel gave none, and `why` names the sentence that says so. It is never a 0.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="samples", db_index=False)
    metric = models.CharField(max_length=20)
    day = models.DateField()
    value = models.FloatField(null=True)
    field = models.CharField(max_length=120)
    why = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "metric", "day"], name="account_sample_once"),
        ]

    @classmethod
    def add_all(cls, samples: list[Self]) -> None:
        """Add samples; one already there (same account, number and day) stays as it is."""
        cls.objects.bulk_create(samples, ignore_conflicts=True)


class AccountWatch(models.Model):
    """When an account's numbers are read next: once a day. `problem` says why the last reading failed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="numbers_watch")
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=60, blank=True)
