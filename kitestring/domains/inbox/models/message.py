"""One entry of a conversation, theirs or ours."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models.conversation import Conversation
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Direction(models.TextChoices):
    IN = "in", "in"
    OUT = "out", "out"


class Message(models.Model):
    """`remote_id` is empty until our reply is published. The reply's delivery has `subject_id` = this row's id.

    `hidden`, `liked`, `removed_at`: as far as we know how it stands on the channel; what a deed changed there is kept here.
    `exemptions` of an answer of ours: what was claimed against rules when it was sent (`composing.Exemption.frozen`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction)
    remote_id = models.CharField(max_length=500, blank=True)
    parent_remote_id = models.CharField(max_length=500, blank=True)
    remote_url = models.URLField(max_length=1000, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    came_at = models.DateTimeField(default=now)
    written_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    can_reply = models.BooleanField(default=True)
    awaits_moderation = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False, db_default=False)
    liked = models.BooleanField(default=False, db_default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    exemptions = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "remote_id"], condition=~models.Q(remote_id=""), name="message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "at"], name="message_thread"),
            models.Index(fields=["account", "at"], name="message_in_time"),
        ]
