"""Why a rule does not hold for some words of a post: who says so, on which ground and which document."""

from __future__ import annotations

from typing import Any

from django.db import models

from kitestring.domains.composing.models.post import Post
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.rulepacks import Claim


class Exemption(models.Model):
    """`rule` and `ground` are ids of the rule packs, `words` the words it is about (as `rulepacks.canonical` writes them).

    `evidence` names the document, `evidence_on` is its own date. It holds for every account of the post.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="exemptions")
    rule = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    ground = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    evidence_on = models.DateField(null=True, blank=True)
    claimed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "rule", "words"], name="exemption_once")]

    @property
    def claim(self) -> Claim:
        """As the rules weigh it."""
        return Claim(self.ground, self.evidence, self.evidence_on)

    def frozen(self) -> dict[str, Any]:
        """As a revision keeps it: JSON."""
        return {
            "rule": self.rule,
            "words": self.words,
            "ground": self.ground,
            "reason": self.reason,
            "evidence": self.evidence,
            "evidence_on": self.evidence_on.isoformat() if self.evidence_on else "",
            "by": str(self.claimed_by_id or ""),
        }
