"""Renames the workspace; pauses everything that leaves the house, and resumes it."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now


@transaction.atomic
def rename_workspace(member: Member, name: str) -> Workspace:
    """Raises Refusal(field="name") for an empty name."""
    require(member, "workspace.change")
    workspace = lock_workspace(member)
    clean, before = named(name), workspace.name
    if clean != before:
        workspace.name = clean
        workspace.save(update_fields=["name"])
        record(member, "workspace.rename", workspace, before={"name": before}, after={"name": clean})
    return workspace


@transaction.atomic
def pause_everything(member: Member) -> Workspace:
    """From now on nothing is published, answered or sent. What is due waits; what is on its way is settled."""
    require(member, "workspace.pause")
    workspace = lock_workspace(member)
    if workspace.paused_at is None:
        workspace.paused_at = now()
        workspace.save(update_fields=["paused_at"])
        record(member, "workspace.pause", workspace, after={"paused_at": workspace.paused_at.isoformat()})
    return workspace


@transaction.atomic
def resume(member: Member) -> Workspace:
    """End the pause. What became due meanwhile follows the rule of lateness."""
    require(member, "workspace.pause")
    workspace = lock_workspace(member)
    if workspace.paused_at is not None:
        before = {"paused_at": workspace.paused_at.isoformat()}
        workspace.paused_at = None
        workspace.save(update_fields=["paused_at"])
        record(member, "workspace.resume", workspace, before=before)
    return workspace
