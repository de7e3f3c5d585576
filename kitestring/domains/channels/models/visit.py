"""A member on the way to a channel to agree there, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models.account import Account
from kitestring.domains.channels.models.connect_link import ConnectLink
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

LIFE: Final = timedelta(minutes=20)


class Visit(models.Model):
    """`state_hash`: of what the channel hands back, so that nobody else's coming back is taken for theirs. One use.

    `sealed` holds what must still be known, and afterwards the accounts found, until the member has chosen among them;
    opened only by `channels.sessions`. `account`: the one that is connected again.
    `link`: somebody else goes, by the member's link; what they agree to waits a day for the member.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    link = models.ForeignKey(ConnectLink, on_delete=models.CASCADE, null=True, related_name="visits")
    channel = models.SlugField(max_length=40)
    state_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    begun_at = models.DateTimeField(default=now)
    back_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"visit to {self.channel}"
