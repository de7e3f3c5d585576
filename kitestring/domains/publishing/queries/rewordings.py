"""Reads of changed words: what is live now, what waits, what was changed when and by whom."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from kitestring.connectorkit import registry
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import AccountState
from kitestring.domains.publishing.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Rewording,
    RewordingState,
)
from kitestring.domains.publishing.models.rewording import OPEN
from kitestring.domains.publishing.rules.sequence import parts_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import others_who
from kitestring.domains.workspaces.rules.people import people
from kitestring.kit.rows import rows

MOST: Final = 200
# What nobody is at, where nothing is paused: new words wait as a post would.
WAITING: Final = """
SELECT r.id FROM publishing_rewording r JOIN publishing_delivery d ON d.id = r.delivery_id
JOIN channels_account a ON a.id = d.account_id JOIN brands_brand b ON b.id = a.brand_id
JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE r.state IN ('asked', 'under_way') AND (r.state = 'asked' OR r.lease_until < ks_now())
  AND (r.not_before IS NULL OR r.not_before <= ks_now())
  AND a.paused_at IS NULL AND b.paused_at IS NULL AND w.paused_at IS NULL
ORDER BY r.asked_at, r.id LIMIT %s"""


class Words(NamedTuple):
    """What readers see there."""

    text: str
    title: str


def can_reword(delivery: Delivery) -> bool:
    """Whether its words can be changed from here: one live post, and a channel that lets us.

    Of a sequence nothing is changed: each part would be its own question, and we keep no such answer.
    """
    connector = registry.connectors().get(delivery.account.channel)
    return (
        connector is not None
        and connector.edits(delivery.publish_kind)
        and delivery.kind == DeliveryKind.VARIANT
        and delivery.state == DeliveryState.PUBLISHED
        and delivery.withdraw_asked is None
        and bool(delivery.remote_id)
        and not parts_of(delivery.payload)
        and delivery.account.state == AccountState.CONNECTED
    )


def live_words(delivery: Delivery) -> Words:
    """The words as they stand there now, as far as they were changed from here."""
    done = Rewording.objects.filter(delivery=delivery, state=RewordingState.DONE)
    newest = done.order_by("-ended_at", "-id").first()
    if newest is not None:
        return Words(newest.text, newest.title)
    return Words(str(delivery.payload.get("text") or ""), str(delivery.payload.get("title") or ""))


def in_doubt(delivery: Delivery) -> bool:
    """Whether the channel was asked last for words that it may have and we do not know of."""
    asked = Rewording.objects.filter(delivery=delivery, tries__gt=0, state__in=("done", "refused"))
    newest = asked.order_by("-ended_at", "-id").first()
    return newest is not None and newest.state == RewordingState.REFUSED


def rewordings_of(delivery: Delivery) -> list[Rewording]:
    """All that was asked for, the newest first."""
    found = Rewording.objects.filter(delivery=delivery).select_related("made_by", "decided_by")
    return list(found.order_by("-made_at", "-id")[:MOST])


def open_rewording(delivery: Delivery) -> Rewording | None:
    """The one that waits, is asked for or under way, locked."""
    found = Rewording.objects.select_for_update(of=("self",))
    return found.filter(delivery=delivery, state__in=OPEN).first()


def rewording_for(member: Member, rewording_id: UUID) -> Rewording:
    """One of the workspace. Raises Rewording.DoesNotExist."""
    found = Rewording.objects.select_related(
        "delivery__account__brand", "delivery__account__workspace", "made_by"
    )
    return found.get(delivery__account__workspace_id=member.workspace_id, pk=rewording_id)


def held_rewording(one: Rewording) -> None:
    """Lock its row to the end of the transaction and read it anew."""
    Rewording.objects.select_for_update(of=("self",)).get(pk=one.pk)
    one.refresh_from_db(fields=["state", "tries", "approved_digest", "decided_by", "decided_at"])


def rewording_at_work(rewording_id: UUID) -> Rewording:
    """For the worker, with its delivery, account and workspace."""
    return Rewording.objects.select_related(
        "delivery__account__brand", "delivery__account__workspace", "made_by"
    ).get(pk=rewording_id)


def rewordings_waiting(member: Member, brand: Brand) -> QuerySet[Rewording]:
    """What this member may say yes to, oldest first: their own question is for somebody else, if there is one."""
    found = Rewording.objects.filter(
        delivery__account__brand=brand,
        delivery__account__workspace_id=member.workspace_id,
        state=RewordingState.WAITING,
    )
    others = others_who(member, "approval.give").select_related(None).order_by()
    shown = found.exclude(Q(made_by=member) & Exists(others)).select_related("delivery__account", "made_by")
    return shown.order_by("made_at", "id")


def who_else_says_yes(member: Member, one: Rewording) -> str:
    """The names of those who answer in the member's place, because the member asked; "" when the member may."""
    if one.made_by_id != member.pk:
        return ""
    return people(list(others_who(member, "approval.give").values_list("name", flat=True)))


def waiting_rewordings() -> list[UUID]:
    """What an emptied queue, a dead worker or a pause that is over left, the oldest first."""
    return [row[0] for row in rows(WAITING, MOST)]
