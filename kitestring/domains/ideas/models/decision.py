"""What was picked and why, and what was kept in reserve."""

from __future__ import annotations

from django.db import models

from kitestring.domains.ideas.models.brief import Brief
from kitestring.domains.ideas.models.idea import Idea
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Decision(models.Model):
    """One a brief. `runners_up` are the shortlisted ideas that were not picked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brief = models.OneToOneField(Brief, on_delete=models.CASCADE, related_name="decision")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="decisions")
    reason = models.TextField()
    runners_up = models.ManyToManyField(Idea, related_name="+", blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=now)
