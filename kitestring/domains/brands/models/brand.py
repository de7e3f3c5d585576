"""One company, client or public person the workspace speaks for."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kitestring.domains.brands.rules import usual_markets
from kitestring.domains.workspaces.models import Language, Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Brand(models.Model):
    """`timezone` (IANA) is where its 09:00 is 09:00; `colour` and `mark` draw its badge.

    `markets`: countries (ISO 3166, or "EU") whose rules its posts are held against; None: as zone and language suggest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    timezone = models.CharField(max_length=64, default="UTC")
    colour = models.CharField(max_length=7, default="#2F4A3C")
    mark = models.CharField(max_length=2, blank=True)
    needs_approval = models.BooleanField(default=True)
    answer_within = models.PositiveIntegerField(default=240, help_text="minutes in which people are answered")
    markets = ArrayField(models.CharField(max_length=2), null=True, blank=True)
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
    def sells_in(self) -> list[str]:
        """The markets as chosen, else the usual ones."""
        return usual_markets(self.language, self.timezone) if self.markets is None else self.markets

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
