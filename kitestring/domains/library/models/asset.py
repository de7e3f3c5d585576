"""A file of a brand, kept once by its content."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

WITHIN = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Asset(models.Model):
    """`path` is relative to the media folder; `mime` is what the bytes say, not the name. Size in bytes, sides in pixels as
    it is shown, upright.

    `focus_x`, `focus_y`: what a crop keeps in, from the left and the top, 0 to 1. Of a video: `duration` in seconds and
    `codecs` ("h264 yuv420p aac"), both empty where nobody could look into it; `tells`: it says more than it shows, as
    `looked`, the way of looking (`kit.video.probe.LOOK`), could find out; 0: nobody looked, or longer ago than that is kept.
    `moving`: a picture of several frames.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="assets")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    name = models.CharField(max_length=255)
    mime = models.CharField(max_length=80)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    duration = models.FloatField(default=0.0, db_default=0.0)
    codecs = models.CharField(max_length=80, blank=True, default="", db_default="")
    tells = models.BooleanField(default=False, db_default=False)
    looked = models.PositiveSmallIntegerField(default=0, db_default=0)
    moving = models.BooleanField(default=False, db_default=False)
    focus_x = models.FloatField(default=0.5, db_default=0.5, validators=WITHIN)
    focus_y = models.FloatField(default=0.5, db_default=0.5, validators=WITHIN)
    alt = models.TextField(blank=True)
    added_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "sha256"], name="asset_once")]
        indexes = [models.Index(fields=["sha256"], name="asset_content")]

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")
