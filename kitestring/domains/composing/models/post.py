"""What the brand wants to say, once, before any channel shapes it."""

from __future__ import annotations

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.ideas.models import Idea
from kitestring.domains.library.models import Asset
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Language, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

TAB = 36


class Post(models.Model):
    """`version` rises with every save of the post or a variant: a save that names an older one is told, not applied.

    `digest` is that of its present content (see `Revision`): a frozen delivery whose revision has another one is stale.
    `about`: what was declared of it (`queries.about`), by key. `planned_for` is the wish on the calendar before anything is
    scheduled. `saved_tab`: the open page it was last saved from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="posts")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    idea = models.ForeignKey(Idea, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=2000, blank=True)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    about = models.JSONField(default=dict, db_default={})
    planned_for = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    saved_tab = models.CharField(max_length=TAB, blank=True, default="", db_default="")
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.title or self.text[:60]


class PostAsset(models.Model):
    """A file of the source, in order, with the words for those who cannot see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="assets")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
