"""One connected presence of a brand on a channel."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.connectorkit.overriding import REPLY_TEXT
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.rules import WAY
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class AccountState(models.TextChoices):
    CONNECTED = "connected", _("Connected")
    EXPIRED = "expired", _("Grant ended")
    DISCONNECTED = "disconnected", _("Disconnected")


GRAPH = Graph(
    AccountState.CONNECTED,
    AccountState.values,
    [
        Arrow("connected", "the channel says that the grant ended", ("expired",)),
        Arrow("expired", "renewed, or connected again", ("connected",)),
        Arrow("connected", "a member disconnects it", ("disconnected",)),
        Arrow("expired", "a member disconnects it", ("disconnected",)),
        Arrow("disconnected", "connected again", ("connected",)),
    ],
)


class Account(models.Model):
    """`channel` is a plain slug of the registry; `capabilities` is what connecting found out (see `Connected`).

    `limits`: what is known better here than in the manifest, {"post.text": {"value", "reason", "by", "at"}}.
    `apart`: the least seconds between what comes round here by itself and any other post; 0: none are asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="accounts")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="accounts")
    channel = models.SlugField(max_length=40)
    account_type = models.CharField(max_length=40, blank=True)
    remote_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    avatar_url = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=16, choices=AccountState, default=AccountState.CONNECTED)
    problem = models.CharField(max_length=60, blank=True)
    capabilities = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    urls = models.JSONField(default=dict)
    limits = models.JSONField(default=dict, db_default={})
    apart = models.PositiveIntegerField(default=0, db_default=0)
    paused_at = models.DateTimeField(null=True, blank=True)
    connected_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    connected_at = models.DateTimeField(default=now)
    inbox_cursor = models.TextField(blank=True)
    inbox_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "remote_id"], name="account_once"),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def way(self) -> str:
        """By which of the channel's ways it was connected; "" is the first."""
        return str(self.settings.get(WAY, ""))

    @property
    def own_limits(self) -> dict[str, int]:
        """What is known better than the manifest: found at the account's own server, and over that what people said."""
        said, found = {key: int(row["value"]) for key, row in self.limits.items()}, self.found_limits
        # Where the server gave replies the post's limit, they have what people know better of it, too.
        posts = [key for key in said if key.endswith(".text") and key != "message.text"]
        later = [said[key] for key in posts if key in found and found[key] == found.get(REPLY_TEXT)]
        return {**found, **({REPLY_TEXT: min(later)} if later else {}), **said}

    @property
    def found_limits(self) -> dict[str, int]:
        """What the account's own server said when it was connected."""
        found = self.settings.get("own_limits")
        stated = found if isinstance(found, dict) else {}
        return {str(key): value for key, value in stated.items() if type(value) is int and value > 0}

    def move(self, to: AccountState, problem: str = "") -> None:
        """Take a declared arrow (staying is none) and say what is wrong; the caller saves. Raises UndeclaredArrow."""
        if self.state != to:
            GRAPH.check(self.state, to)
        self.state, self.problem = to, problem[:60]
