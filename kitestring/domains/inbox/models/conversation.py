"""A thread with one person: under one of our posts, in private, or where they named us."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models.contact import Contact
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.models import Member
from kitestring.kit.ids import uuid7


class Sort(models.TextChoices):
    COMMENT = "comment", _("Comment")
    MENTION = "mention", _("Mention")
    MESSAGE = "message", _("Private message")


class Conversation(models.Model):
    """`post_remote_id`: the post it hangs on; of private messages the channel's own name of the thread.

    `owed_since`: the oldest message nobody has answered or set aside; None = nothing owed. `answer_by`: when it is late.

    `counted_at`: when this was last worked out. An answer of ours that ended later has not been counted yet.
    `snippet`, `contact_name` and `last_at` are copies so that the list is one index scan.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="conversations")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="conversations")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.COMMENT, db_default=Sort.COMMENT)
    post_remote_id = models.CharField(max_length=500)
    contact_name = models.CharField(max_length=255)
    snippet = models.CharField(max_length=200)
    owed_since = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "contact", "sort", "post_remote_id"], name="conversation_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["brand", "owed_since"],
                condition=models.Q(owed_since__isnull=False),
                name="conversation_owed",
            ),
            models.Index(fields=["brand", "-last_at"], name="conversation_newest"),
        ]
