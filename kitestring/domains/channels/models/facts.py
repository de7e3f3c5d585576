"""What this instance last knew of channels and rules, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class KnownFacts(models.Model):
    """`what`: "channel" and its slug, or "rules" and the pack's. `facts`: as `connectorkit.flat` lays them out."""

    what = models.CharField(max_length=100, primary_key=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.what


class FactChange(models.Model):
    """One fact that is another since an upgrade. `before`, `after`: null where it was, or is, not there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    what = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="fact_change_newest")]

    def __str__(self) -> str:
        return f"{self.what}: {self.path}"

    @classmethod
    def written(cls, changes: Iterable[Self]) -> None:
        """All of them in one statement."""
        cls.objects.bulk_create(changes)
