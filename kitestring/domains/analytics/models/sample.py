"""A metric's value at a time, as the channel reported it. Rows are only ever added."""

from __future__ import annotations

from typing import Self

from django.db import models

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Sample(models.Model):
    """`field` is the API field it was read from, `at` the moment it holds for, `read_at` when we asked.

    `value` None: the channel gave none, and `why` names the sentence that says so. `typed_by`: a person read it in the app
    and typed it; `field` is empty then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="samples")
    metric = models.CharField(max_length=20)
    value = models.FloatField(null=True)
    field = models.CharField(max_length=120)
    why = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(default=now)
    typed_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "metric", "at"], name="sample_once"),
        ]
        indexes = [models.Index(fields=["delivery", "metric", "-at"], name="sample_newest")]

    @classmethod
    def add_all(cls, samples: list[Self]) -> None:
        """Add samples; one already there (same delivery, metric and moment) stays as it is."""
        cls.objects.bulk_create(samples, ignore_conflicts=True)
