"""The post as one account will carry it."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models.post import Post
from kitestring.domains.library.models import Asset
from kitestring.kit.ids import uuid7


class Variant(models.Model):
    """None in `text`, `title` or `language` means: as the source. `own_media` False: the source's files.

    `kind` is a publish kind of the channel's manifest, `options` its choices; `kind_chosen`: by a person, so no file changes
    it. `sequence`: posted as a thread where the text makes more than one part, with `numbered` each part saying its place;
    `first_comment` follows at once. They stay as they are where the channel carries neither: then they say nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="variants")
    kind = models.CharField(max_length=40)
    kind_chosen = models.BooleanField(default=False, db_default=False)
    text = models.TextField(null=True, blank=True)
    title = models.CharField(max_length=300, null=True, blank=True)
    language = models.CharField(max_length=8, null=True, blank=True)
    own_media = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    sequence = models.BooleanField(default=False, db_default=False)
    numbered = models.BooleanField(default=False, db_default=False)
    first_comment = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="variant_once")]

    @property
    def said(self) -> str:
        """The text the account will carry, inherited or its own."""
        return self.post.text if self.text is None else self.text


class VariantAsset(models.Model):
    """A file of this variant alone, in order, with its own alternative text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="assets")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
