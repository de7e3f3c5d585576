"""One try of a delivery, written before the call leaves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.publishing.models.delivery import Delivery
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Step(models.TextChoices):
    PUBLISH = "publish", _("Sent")
    LOOK_UP = "look_up", _("Looked up")
    FOLLOW = "follow", _("Asked how far it is")
    PERSON = "person", _("A person said")
    WITHDRAW = "withdraw", _("Taken down")


class Attempt(models.Model):
    """`ended_at` None after the lease: nobody knows what came of it. `outcome` is the state it led to.

    `part`: which part of a sequence it was about; 0 the head.
    The database does not check the delivery of each: an attempt is written in the statement, or under the lock, that has
    its delivery in hand, and a delivery that has attempts is only deleted together with them (decision 0024).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="tries", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=12, choices=Step)
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    owner = models.UUIDField(null=True)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    reason_params = models.JSONField(default=dict)
    said = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")]
        ordering = ["number"]
