"""Posts that share one goal and one period."""

from __future__ import annotations

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.ideas.models import Decision
from kitestring.domains.planning.rules.mechanics import MECHANICS
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Campaign(models.Model):
    """Days are the brand's own. `decision` is where it came from; None for one started by hand.

    `kind` "": nobody said. `share_gate`, `follow_gate`: a prize, an answer or a step comes only after sharing or following.

    `goal_metric`/`goal_value` is the figure the report holds the result against; None = no figure was set.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="campaigns")
    decision = models.OneToOneField(
        Decision, on_delete=models.SET_NULL, null=True, blank=True, related_name="campaign"
    )
    name = models.CharField(max_length=200)
    goal = models.TextField(blank=True)
    goal_metric = models.CharField(max_length=40, blank=True)
    goal_value = models.FloatField(null=True, blank=True)
    kind = models.CharField(
        max_length=8, choices=list(MECHANICS.items()), blank=True, default="", db_default=""
    )
    share_gate = models.BooleanField(default=False, db_default=False)
    follow_gate = models.BooleanField(default=False, db_default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mechanics(self) -> dict[str, str | bool]:
        """What was said of what people do in it, as the rules ask: what was not said is left out."""
        told: dict[str, str | bool] = {
            "kind": self.kind,
            "share_gate": self.share_gate,
            "follow_gate": self.follow_gate,
        }
        return {key: value for key, value in told.items() if value}
