"""The request: why, for whom, what one thing is said, and the one response wanted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

TAB = 36


class Response(models.TextChoices):
    """The single thing the reader shall do. There is no ninth."""

    READ = "read", _("Read")
    REPLY = "reply", _("Reply")
    SHARE = "share", _("Share")
    FOLLOW = "follow", _("Follow")
    SIGN_UP = "sign_up", _("Sign up")
    VISIT = "visit", _("Visit")
    BUY = "buy", _("Buy")
    OWN = "own", _("Make it their own")


class Brief(models.Model):
    """A draft may have holes; a decision needs `key_message` and `response` (see `rules`).

    `saved_tab`, `saved_by`: the open page it was last saved from, and whose.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="briefs")
    title = models.CharField(max_length=200)
    objective = models.TextField(blank=True)
    audience = models.TextField(blank=True)
    insight = models.TextField(blank=True)
    key_message = models.TextField(blank=True)
    response = models.CharField(max_length=16, choices=Response, blank=True)
    response_object = models.TextField(blank=True)
    mandatories = models.TextField(blank=True)
    measure = models.TextField(blank=True)
    written_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    saved_tab = models.CharField(max_length=TAB, blank=True, default="", db_default="")
    saved_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(response__in=["", *Response.values]), name="brief_one_response"
            )
        ]

    def __str__(self) -> str:
        return self.title
