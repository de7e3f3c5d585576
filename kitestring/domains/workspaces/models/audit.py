"""Who changed what, from what to what, and when. Rows are only ever added."""

from __future__ import annotations

from django.db import models

from kitestring.domains.workspaces.models.member import Member
from kitestring.domains.workspaces.models.workspace import Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class AuditEntry(models.Model):
    """`member` None: the house itself did it (a worker at the due hour)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-at"], name="audit_newest"),
            models.Index(fields=["subject_id", "-at"], name="audit_subject"),
        ]
