"""A yes or no to one revision of a post, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.composing.models import Revision
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class ApprovalState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Sent back")
    VOIDED = "voided", _("Void: changed since")


GRAPH = Graph(
    ApprovalState.ASKED,
    ApprovalState.values,
    [
        Arrow("asked", "a member with the right says yes", ("approved",)),
        Arrow("asked", "sent back with a note", ("declined",)),
        Arrow("asked", "the post is edited", ("voided",)),
        Arrow("approved", "the post is edited", ("voided",)),
    ],
)


class Approval(models.Model):
    """Bound to `revision`. At most one open (asked or approved) a post: `post_id` is kept here to say so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="approvals")
    state = models.CharField(max_length=16, choices=ApprovalState, default=ApprovalState.ASKED)
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision"],
                condition=models.Q(state__in=["asked", "approved"]),
                name="one_open_approval",
            )
        ]
