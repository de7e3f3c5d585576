"""A deed on what somebody wrote: hide it, like it, remove it, let it through. Rows are kept: they are its history."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.inbox.models.message import Message
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class DeedKind(models.TextChoices):
    HIDE = "hide", _("Hide")
    LIKE = "like", _("Like")
    REMOVE = "remove", _("Remove")
    APPROVE = "approve", _("Approve")


class DeedState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Taken back")


OPEN = (DeedState.ASKED, DeedState.UNDER_WAY)
UNDONE = (DeedKind.HIDE, DeedKind.LIKE)
THROUGH_PAUSES = (DeedKind.HIDE, DeedKind.REMOVE)
GRAPH = Graph(
    DeedState.ASKED,
    DeedState.values,
    [
        Arrow("asked", "a worker calls the channel", ("under_way",)),
        Arrow("asked", "taken back before it was done", ("dropped",)),
        Arrow("under_way", "the channel did it", ("done",)),
        Arrow("under_way", "the channel says no, or answers nobody for an hour", ("refused",)),
        Arrow("under_way", "not reached or unclear: asked again", ("asked",)),
    ],
)


class Deed(models.Model):
    """`on` False takes it back: shown again, no more liked. The wish stands on the row; a job only wakes the worker.

    Every deed is quiet where it is done already (`connectorkit.powers.Moderation`): whatever is unclear is asked again.
    `owner`, `lease_until`: the try that is under way. `reason`, `params`, `said`: the channel's last no.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=8, choices=DeedKind)
    on = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=DeedState, default=DeedState.ASKED)
    asked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    said = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "kind"],
                condition=models.Q(state__in=["asked", "under_way"]),
                name="deed_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state__in=["asked", "under_way"]), name="deed_open"
            )
        ]
