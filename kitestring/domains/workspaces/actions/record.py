"""Writes down who changed what. Called by every action, inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from kitestring.domains.workspaces.models import AuditEntry, Member, Workspace


def record(
    by: Member | Workspace,
    verb: str,
    subject: Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """`by` a workspace: the house itself did it. `verb` as in the permission table ("post.schedule"). JSON-able values only."""
    member = by if isinstance(by, Member) else None
    workspace_id = by.workspace_id if isinstance(by, Member) else by.pk
    entry = AuditEntry(
        workspace_id=workspace_id,
        member=member,
        verb=verb,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        before=dict(before or {}),
        after=dict(after or {}),
    )
    entry.save(force_insert=True)
    return entry


def record_many(
    member: Member,
    verb: str,
    subject_kind: type[Model],
    changes: Iterable[tuple[UUID, Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """One entry for each (subject, before, after), written together."""
    AuditEntry.written(
        AuditEntry(
            workspace_id=member.workspace_id,
            member=member,
            verb=verb,
            subject_kind=subject_kind._meta.model_name or "",
            subject_id=subject_id,
            before=dict(before),
            after=dict(after),
        )
        for subject_id, before, after in changes
    )
