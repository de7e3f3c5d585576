"""A size or format made from an asset, kept by its recipe."""

from __future__ import annotations

from django.db import models

from kitestring.domains.library.models.asset import Asset
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Rendition(models.Model):
    """`recipe` says how it was made ("thumb", "max-side=2000;max-bytes=1000000;mime=image/jpeg")."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    recipe = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    mime = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "recipe"], name="rendition_once")]
