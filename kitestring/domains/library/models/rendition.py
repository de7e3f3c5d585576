"""A size or format made from a file's content, kept by its recipe: brands that have the same file share it."""

from __future__ import annotations

from django.db import models

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Rendition(models.Model):
    """`source` is the sha256 of the content it was made from, `recipe` says how (`Bounds.recipe`). Who may see it is asked
    of the asset, never of this row. `duration` in seconds, of a video."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=64)
    recipe = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    mime = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    duration = models.FloatField(default=0.0, db_default=0.0)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "recipe"], name="rendition_once")]
