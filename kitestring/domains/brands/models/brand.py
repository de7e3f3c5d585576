"""One company, client or public person the workspace speaks for."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models

from kitestring.domains.workspaces.models import Language, Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Brand(models.Model):
    """`timezone` (IANA) is where its 09:00 is 09:00; `colour` and `mark` draw its badge."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    timezone = models.CharField(max_length=64, default="UTC")
    colour = models.CharField(max_length=7, default="#2F4A3C")
    mark = models.CharField(max_length=2, blank=True)
    needs_approval = models.BooleanField(default=True)
    answer_within = models.PositiveIntegerField(default=240, help_text="minutes in which people are answered")
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="nothing of this brand leaves while set"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="brand_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
