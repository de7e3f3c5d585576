"""Pauses one brand: nothing of it leaves until a member resumes. (Workspaces and accounts bring their own switch.)"""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal


@transaction.atomic
def pause_brand(member: Member, brand: Brand) -> None:
    """From now on nothing is claimed there. What is in flight this second cannot be called back."""
    _permit(member, brand)
    if brand.paused_at is None:
        brand.paused_at = now()
        brand.save(update_fields=["paused_at"])
        record(member, "brand.pause", brand, after={"paused_at": brand.paused_at.isoformat()})


@transaction.atomic
def resume_brand(member: Member, brand: Brand) -> None:
    """What is still in time goes out; what became late meanwhile asks a person."""
    _permit(member, brand)
    if brand.paused_at is not None:
        before = {"paused_at": brand.paused_at.isoformat()}
        brand.paused_at = None
        brand.save(update_fields=["paused_at"])
        record(member, "brand.resume", brand, before=before)
        enqueue("publishing.sweep", timestamp=int(now().timestamp()))


def _permit(member: Member, brand: Brand) -> None:
    require(member, "workspace.pause")
    if brand.workspace_id != member.workspace_id:
        raise Refusal("", reason="not_found")
