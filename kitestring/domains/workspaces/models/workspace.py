"""The tenant: its people, brands and the one switch that pauses everything."""

from __future__ import annotations

from django.db import models

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Workspace(models.Model):
    """`paused_at` set: nothing leaves the house until a member resumes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now)
    paused_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
