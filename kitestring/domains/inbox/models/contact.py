"""A person who spoke to the brand on one channel."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.brands.models import Brand
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Stance(models.TextChoices):
    UNKNOWN = "unknown", _("Not said")
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")
    RIVAL = "rival", _("Rival")
    TROLL = "troll", _("Troll")


class Contact(models.Model):
    """`stance` is set by a member, never guessed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="contacts")
    channel = models.SlugField(max_length=40)
    remote_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    handle = models.CharField(max_length=255, blank=True)
    stance = models.CharField(max_length=16, choices=Stance, default=Stance.UNKNOWN)
    first_seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "remote_id"], name="contact_once"),
        ]

    def __str__(self) -> str:
        return self.name
