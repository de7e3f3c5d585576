"""Schedules a post's variants: the row, its key, its frozen payload and its wake-up in one transaction, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.channels.models import AccountState
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.refuse_unruly import refuse_unruly
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.publishing.actions.prepare_files import prepare_files
from kitestring.domains.publishing.actions.refuse_full import refuse_full
from kitestring.domains.publishing.actions.refuse_unfit import refuse_unfit
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import (
    given_up_in_doubt,
    held_still,
    of_duty,
    same_duty,
    standing_duty,
    unsent,
    visible_to,
)
from kitestring.domains.publishing.queries.quotas import hold_places
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.queries import is_approved
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may, require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.ui.marks import account_name

TOLERANCE = timedelta(hours=1)
GRACE = timedelta(seconds=30)
FARTHEST = 5  # years
CHANGEABLE = (DeliveryState.SCHEDULED, DeliveryState.HELD)


@transaction.atomic
def schedule_post(
    member: Member, post: Post, due_at: datetime, *, tolerance: timedelta = TOLERANCE
) -> list[Delivery]:
    """Every variant of the post at `due_at`; an account that has it already, or may have it, is left as it is.

    Raises Refusal for a past hour, one without a place in the quota, no accounts, or what a channel never takes;
    Conflict when every account has it.
    """
    require(member, "delivery.schedule")
    refuse_past(due_at)
    return _all(member, post, due_at, tolerance)


@transaction.atomic
def schedule_delivery(
    member: Member,
    variant: Variant,
    due_at: datetime,
    *,
    revision: Revision | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Delivery:
    """One variant at `due_at`, as `revision` froze it (else as it stands now). The same again is the same row."""
    require(member, "delivery.schedule")
    refuse_past(due_at)
    return _one(member, variant, due_at, revision, tolerance)


@transaction.atomic
def publish_now(member: Member, post: Post, *, only: Variant | None = None) -> list[Delivery]:
    """Every variant of the post (or only one), this moment. Of a whole post a yes that it lacks is asked for at once."""
    require(member, "delivery.schedule")
    if only is not None:
        return [_one(member, only, now(), None, TOLERANCE)]
    made = _all(member, post, now(), TOLERANCE)
    if post.brand.needs_approval and not is_approved(post) and may(member, "approval.ask"):
        ask_approval(member, post.pk)
    return made


def refuse_past(due_at: datetime) -> None:
    """Raise Refusal beside the field when the hour has passed, or lies so far ahead that it must be a slip."""
    if due_at > now() + timedelta(days=366 * FARTHEST):
        raise Refusal(
            _("That is more than %(n)s years ahead. Nothing was changed: choose an earlier day.")
            % {"n": FARTHEST},
            reason="too_far",
            field="due_at",
        )
    if due_at < now() - GRACE:
        raise Refusal(
            _("That hour has passed. Nothing was changed: choose a later one, or publish it now."),
            reason="past",
            field="due_at",
        )


def _all(member: Member, post: Post, due_at: datetime, tolerance: timedelta) -> list[Delivery]:
    """Every account that does not have it yet; what is out or on its way stays. Conflict when no account is left."""
    locked = post_for(member, post.pk, lock=True)
    variants = variants_of(locked)
    if not variants:
        raise Refusal(_("Choose at least one account first. Nothing was scheduled."), field="accounts")
    in_the_way = [_in_the_way(member, variant.post_id, variant.account_id) for variant in variants]
    open_ = [variant for variant, why in zip(variants, in_the_way, strict=True) if why is None]
    if not open_ and in_the_way[0] is not None:
        raise in_the_way[0]
    hold_places(variant.account_id for variant in open_)
    revision = freeze(locked, member)
    return [_one(member, variant, due_at, revision, tolerance) for variant in open_]


def _one(
    member: Member, variant: Variant, due_at: datetime, revision: Revision | None, tolerance: timedelta
) -> Delivery:
    """The one delivery of the post on the variant's account. The post is locked, so two of these take turns."""
    account = variant.account
    if account.workspace_id != member.workspace_id:
        raise Refusal(_("This account belongs to another workspace."), reason="not_found")
    if account.state == AccountState.DISCONNECTED:
        raise Refusal(
            _("%(account)s is not connected. Nothing was scheduled: connect it again.")
            % {"account": account_name(account)},
            field="accounts",
        )
    post = post_for(member, variant.post_id, lock=True)
    frozen = revision or freeze(post, member)
    payload = frozen_for(frozen.content, account.pk)
    if payload is None:
        raise Conflict(
            _("%(account)s was taken off the post meanwhile. Nothing was scheduled.")
            % {"account": account_name(account)}
        )
    if why := _in_the_way(member, post.pk, account.pk):
        raise why
    standing = standing_duty(member, post.pk, account.pk)
    refuse_unfit(account, payload["kind"], payload)
    refuse_unruly(account, payload)
    refuse_full(account, payload["kind"], due_at, standing)
    if standing is not None:
        return _again(member, standing, due_at, frozen, payload, tolerance)
    before = of_duty(member, post.pk, account.pk).count()
    delivery = Delivery(
        account=account,
        kind=DeliveryKind.VARIANT,
        subject_id=post.pk,
        occurrence=str(before + 1) if before else "",
        publish_kind=payload["kind"],
        payload=payload,
        revision=frozen,
        state=DeliveryState.SCHEDULED,
        due_at=due_at,
        tolerance=int(tolerance.total_seconds()),
        needs_approval=True,
        stamp=now(),
        made_by=member,
    )
    return put(member, delivery)


def _in_the_way(member: Member, post_id: UUID, account_id: UUID) -> Conflict | None:
    """Why the post may not go there (again), if so: it is out or on its way, or nobody knows."""
    standing = standing_duty(member, post_id, account_id)
    if standing is not None:
        return None if standing.state in CHANGEABLE else _stands(standing)
    doubted = given_up_in_doubt(member, post_id, account_id)
    if doubted is None:
        return None
    return Conflict(
        _(
            "%(account)s: nobody knows whether it went out there the last time, and that was given up. It is not "
            "sent a second time: look there, and copy the post if it has to go out again."
        )
        % {"account": account_name(doubted.account)}
    )


def _stands(delivery: Delivery) -> Conflict:
    """Why nothing is scheduled: what has become of the post on that account already."""
    name = account_name(delivery.account)
    return Conflict(_("%(account)s: %(told)s") % {"account": name, "told": too_late(delivery.state)})


def put(member: Member, delivery: Delivery) -> Delivery:
    """Save a new delivery with its wake-up; if the same duty was written meanwhile, that one."""
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError:
        return same_duty(member, delivery)
    after = {
        "due_at": delivery.due_at.isoformat(),
        "account": delivery.account.handle,
        "key": str(delivery.key),
    }
    record(member, "delivery.schedule", delivery, after=after)
    prepare_files(delivery)
    wake_slots([delivery.due_at])
    return delivery


def _again(
    member: Member,
    delivery: Delivery,
    due_at: datetime,
    revision: Revision,
    payload: dict[str, Any],
    tolerance: timedelta,
) -> Delivery:
    """Schedule what is scheduled already: the same row and key, with the new hour and, while surely nothing is out, text."""
    still = held_still(member, delivery.pk, CHANGEABLE)
    delivery.refresh_from_db()
    if not still:
        raise _stands(delivery)
    same = delivery.due_at == due_at and delivery.revision_id == revision.pk
    if same and delivery.state == DeliveryState.SCHEDULED:
        return delivery
    before = {"due_at": delivery.due_at.isoformat(), "revision": str(delivery.revision_id)}
    changes: dict[str, Any] = {"due_at": due_at, "tolerance": int(tolerance.total_seconds())}
    if unsent(delivery):
        changes |= {"revision": revision, "payload": payload, "publish_kind": payload["kind"]}
    changes |= {"state": DeliveryState.SCHEDULED, "reason": "", "reason_params": {}, "not_before": None}
    visible_to(member).filter(pk=delivery.pk).update(changed_at=now(), made_by=member, **changes)
    delivery.refresh_from_db()
    after = {"due_at": due_at.isoformat(), "revision": str(delivery.revision_id)}
    record(member, "delivery.schedule", delivery, before=before, after=after)
    prepare_files(delivery)
    wake_slots([due_at])
    return delivery
