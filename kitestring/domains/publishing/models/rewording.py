"""Other words for what is live: asked for, approved where the brand wants that, changed at the channel. Rows are kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.publishing.models.delivery import Delivery
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class RewordingState(models.TextChoices):
    WAITING = "waiting", _("Waits for approval")
    ASKED = "asked", _("Asked for")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    DECLINED = "declined", _("Sent back")
    DROPPED = "dropped", _("Taken back")


OPEN = (RewordingState.WAITING, RewordingState.ASKED, RewordingState.UNDER_WAY)
GRAPH = Graph(
    RewordingState.WAITING,
    RewordingState.values,
    [
        Arrow("waiting", "approved, or the brand wants no approval", ("asked",)),
        Arrow("waiting", "sent back with a note", ("declined",)),
        Arrow("waiting", "taken back", ("dropped",)),
        Arrow("asked", "a worker calls the channel", ("under_way",)),
        Arrow("asked", "taken back before any try", ("dropped",)),
        Arrow("under_way", "the channel has the new words", ("done",)),
        Arrow("under_way", "the channel says no, or answers nobody for an hour", ("refused",)),
        Arrow("under_way", "not reached or unclear: asked again", ("asked",)),
    ],
)


class Rewording(models.Model):
    """`digest` is the SHA-256 of the new words as canonical JSON; a yes is bound to it (`approved_digest`).

    `before_text`, `before_title`: what was live when it was asked for. `why`: the reason given. `note`: why it was sent back.
    The delivery's own payload stays what was published: the ledger is not touched. The same words written twice are the same
    words, so what is unclear is asked again. `asked_at` begins anew with the yes: from then on the channel is asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rewordings")
    text = models.TextField()
    title = models.TextField(blank=True)
    before_text = models.TextField()
    before_title = models.TextField(blank=True)
    why = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=RewordingState, default=RewordingState.WAITING)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
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
                fields=["delivery"],
                condition=models.Q(state__in=["waiting", "asked", "under_way"]),
                name="rewording_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state__in=["asked", "under_way"]),
                name="rewording_open",
            )
        ]
