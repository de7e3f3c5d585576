"""A later part of a sequence: what stands under the post on its account, with its own key and its own place there."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models.delivery import Delivery


class Part(models.Model):
    """The head is the delivery's own row; `place` 1 is the first after it. What it says stands in the frozen payload.

    `key` and `stamp` follow from the delivery's (`rules/sequence.py`), so a ledger that comes from a backup asks the
    channel by the same ones. `counted_at`: as `Delivery.counted_at`. `withdrawn_at`: taken down there.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="parts", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True, editable=False)
    stamp = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    remote_url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "place"], name="part_once")]
        indexes = [
            models.Index(
                fields=["account", "counted_at"],
                condition=models.Q(counted_at__isnull=False),
                name="part_counted",
            ),
            models.Index(
                fields=["account", "remote_id"], condition=~models.Q(remote_id=""), name="part_remote"
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"part {self.place} of {self.delivery_id}"
