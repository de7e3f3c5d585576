"""An unscheduled thought answering a brief, and the blind votes it got."""

from __future__ import annotations

from django.db import models

from kitestring.domains.ideas.models.brief import Brief
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Idea(models.Model):
    """`number` counts within the brief; `repeats` is the earlier idea it says again word for word, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="ideas")
    number = models.PositiveIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    repeats = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="repeated_by"
    )
    added_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)
    shortlisted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brief", "number"], name="idea_number_once")]

    def __str__(self) -> str:
        return self.text[:80]


class Vote(models.Model):
    """One member's yes to one idea; who voted is never shown before the decision."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "member"], name="vote_once")]
