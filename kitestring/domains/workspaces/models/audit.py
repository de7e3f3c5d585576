"""Who changed what, from what to what, and when. Rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection, models

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

    @classmethod
    def written(cls, entries: Iterable[AuditEntry]) -> None:
        """All of them at once: ten thousand that were moved together take a moment, not one statement each."""
        columns = [str(field.column) for field in cls._meta.concrete_fields]
        into = f"COPY {cls._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for entry in entries:
                values = (getattr(entry, field.attname) for field in cls._meta.concrete_fields)
                copy.write_row([json.dumps(one) if isinstance(one, dict) else one for one in values])
