"""The operator's own app at a platform, sealed at rest."""

from __future__ import annotations

from django.db import models

from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class AppKey(models.Model):
    """`provider` is a plain slug of the manifests. `sealed` is opened only by `channels.sessions`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="app_keys")
    provider = models.SlugField(max_length=40)
    sealed = models.TextField()
    changed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "provider"], name="app_key_once")]

    def __str__(self) -> str:
        return f"app at {self.provider}"
