"""Pauses the workspace, a brand or an account: nothing of it leaves. Resuming says what is to become of the overdue."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.change_account import pause_account, resume_account
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.claim_open import recall
from kitestring.domains.publishing.actions.midway import let_go_on
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.actions.settle_by_person import say_not_live
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.pauses import ACCOUNT, Place, overdue, place, stopped_midway
from kitestring.domains.workspaces.actions.change_workspace import pause_everything
from kitestring.domains.workspaces.actions.change_workspace import resume as resume_workspace
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal

Then = Literal["", "send", "look"]


@transaction.atomic
def pause(member: Member, kind: str, row_id: UUID) -> Place:
    """From now on nothing is claimed there. What is in flight this second cannot be called back."""
    require(member, "workspace.pause")
    where = place(member, kind, row_id)
    if isinstance(where.row, Brand):
        pause_brand(member, where.row)
    elif kind == ACCOUNT:
        pause_account(member, row_id)
    else:
        pause_everything(member)
    return where


@transaction.atomic
def resume(member: Member, kind: str, row_id: UUID, then: Then = "") -> list[Delivery]:
    """End the pause; gives back what had become due meanwhile.

    `then` "send": all of that goes out now, late or not. "look": none of it does; each waits for a person.
    "": what is within its tolerance goes out, what is late asks a person. A sequence that was stopped in its middle goes on
    likewise.
    """
    require(member, "workspace.pause")
    recall()
    set_aside()
    where = place(member, kind, row_id)
    due = overdue(member, where)
    if isinstance(where.row, Brand):
        resume_brand(member, where.row)
    elif kind == ACCOUNT:
        resume_account(member, row_id)
    else:
        resume_workspace(member)
    if then != "look":
        for delivery in stopped_midway(member, where, late_too=then == "send"):
            let_go_on(member, delivery)
    for delivery in stopped_midway(member, where, late_too=True):
        _ask(member, delivery)  # no pause holds it any more: what becomes of its rest is asked
    for delivery in due:
        if then == "send" and delivery.state == DeliveryState.NEEDS_ATTENTION:
            say_not_live(member, delivery)
        elif then == "look" and delivery.state == DeliveryState.HELD:
            _ask(member, delivery)
    _sweep()
    return due


@transaction.atomic
def pause_brand(member: Member, brand: Brand) -> None:
    """Nothing of this brand is claimed from now on."""
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
        _sweep()


def _sweep() -> None:
    """Now instead of in ten seconds; one that waits already will do."""
    enqueue("publishing.sweep", once="publishing.sweep")


def _ask(member: Member, delivery: Delivery) -> None:
    why: dict[str, Any] = {**CLEAN, "reason": "late" if delivery.part else "paused_over"}
    sources = (DeliveryState.HELD, DeliveryState.NEEDS_ATTENTION)
    change(member, delivery, sources, "delivery.ask", state=DeliveryState.NEEDS_ATTENTION, **why)
    problems_changed([delivery.pk])


def _permit(member: Member, brand: Brand) -> None:
    require(member, "workspace.pause")
    if brand.workspace_id != member.workspace_id:
        raise Refusal("", reason="not_found")
