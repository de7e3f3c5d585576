"""An open door for one person, by a link that works once."""

from __future__ import annotations

from django.db import models

from kitestring.domains.workspaces.models.member import Language, Member, Role
from kitestring.domains.workspaces.models.workspace import Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Invitation(models.Model):
    """Only the hash of the link's secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            )
        ]
