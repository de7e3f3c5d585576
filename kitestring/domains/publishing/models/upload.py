"""What a channel has of a delivery's file before anything is published: the next try goes on from there."""

from __future__ import annotations

from django.db import models

from kitestring.domains.publishing.models.delivery import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Upload(models.Model):
    """`sha256`: the file that was sent (a rendition's own); `mark`: what the channel was told of it beside its bytes.

    `taken`: the bytes it had of a file sent in pieces; None: the whole. `stays`: people see it in a library there. The
    sweep takes the rows away when the delivery is over; of a cancelled one, those that stay are kept for a month to be told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="uploads", db_index=False)
    sha256 = models.CharField(max_length=64)
    mark = models.CharField(max_length=16)
    handle = models.TextField()
    taken = models.BigIntegerField(null=True, blank=True)
    stays = models.BooleanField(default=False, db_default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "sha256", "mark"], name="upload_once")]

    def __str__(self) -> str:
        return f"upload {self.sha256[:12]} of {self.delivery_id}"
