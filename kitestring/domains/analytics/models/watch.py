"""When a delivery's numbers are read next: a ladder that gets slower with age."""

from __future__ import annotations

from django.db import models

from kitestring.domains.publishing.models import Delivery
from kitestring.kit.ids import uuid7


class Watch(models.Model):
    """`rung` counts the readings made; `next_at` None: the ladder has ended. `problem` says why the last one failed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="watch")
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="watch_next"),
        ]
