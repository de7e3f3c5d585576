"""A frozen state of a post and all its variants; approvals and deliveries bind to it."""

from __future__ import annotations

from django.db import models

from kitestring.domains.composing.models.post import Post
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Revision(models.Model):
    """`content` is the canonical JSON whose SHA-256 is `digest`; equal content of a post is one revision.

    Shape: {"text", "title", "link", "language", "variants": {variant_id: {"account", "kind", "text", "title", "language",
    "link", "media": [{"asset", "sha256", "alt"}], "options"}}}. A file whose crop somebody chose has "focus" besides: [x, y],
    from the left and the top, 0 to 1. A variant that is a sequence has "parts" besides:
    [{"role": "head", "part" or "comment", "text"}], more than one, at most one comment and that the last; "text" is then the
    whole as it was written, and "numbered" stands there where each part says its place. "exemptions" stands there where a rule
    was said not to hold for some of its words (see `Exemption.frozen`), "about" what the post was declared to be, "campaign" what
    was said of its campaign (`Campaign.mechanics`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["post", "digest"], name="revision_once"),
        ]
