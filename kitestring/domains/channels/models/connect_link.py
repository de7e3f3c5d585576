"""A link by which somebody without a login here agrees at a channel, on their own phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models.account import Account
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

GOOD_FOR: Final = timedelta(days=1)
TRIES: Final = 8  # ways that may be begun by one link in twenty minutes


class ConnectLink(models.Model):
    """`sealed`: the link's secret and what the member typed, opened only by `channels.sessions`; `account`: connected again.

    It ends with the first account that is kept, by hand, or after a day. What is agreed to waits for the member.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    channel = models.SlugField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"connect link for {self.channel}"
