"""A file of a brand, kept once by its content."""

from __future__ import annotations

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Asset(models.Model):
    """`path` is relative to the media folder; `mime` is what the bytes say, not the name. Size in bytes, sides in pixels."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="assets")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    mime = models.CharField(max_length=80)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = models.TextField(blank=True)
    added_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "sha256"], name="asset_once")]
