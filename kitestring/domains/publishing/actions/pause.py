"""The switch: nothing of a workspace, a brand or an account leaves while it is paused; resuming tells what is overdue."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal


@transaction.atomic
def pause(member: Member, what: Workspace | Brand | Account) -> None:
    """From now on nothing is claimed there. What is in flight this second cannot be called back."""
    _permit(member, what)
    if what.paused_at is None:
        what.paused_at = now()
        what.save(update_fields=["paused_at"])
        record(member, "workspace.pause", what, after={"paused": True})


@transaction.atomic
def resume(member: Member, what: Workspace | Brand | Account) -> None:
    """What is still in time goes out; what became late meanwhile asks a person."""
    _permit(member, what)
    if what.paused_at is not None:
        what.paused_at = None
        what.save(update_fields=["paused_at"])
        record(member, "workspace.resume", what, after={"paused": False})
        enqueue("publishing.sweep", timestamp=int(now().timestamp()))


def _permit(member: Member, what: Workspace | Brand | Account) -> None:
    require(member, "workspace.pause")
    home = what.pk if isinstance(what, Workspace) else what.workspace_id
    if home != member.workspace_id:
        raise Refusal("", reason="not_found")
