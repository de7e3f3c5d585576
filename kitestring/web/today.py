"""Today: what needs this person, in the order in which it is lost. Each line is cured where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.analytics.queries.moved import moved
from kitestring.domains.brands.models import Brand
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.inbox.queries import owed, owed_count
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import going_out, needing
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.reviewing.queries import waiting_for_approval
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now

MOST: Final = 7


@dataclass(frozen=True)
class Owed:
    """A conversation that waits: seconds left (negative: late), and how much of the promised time is gone."""

    conversation: Conversation
    left: float
    percent: int


@dataclass(frozen=True)
class Going:
    """What goes out at one moment: one post, the accounts it goes to, the state a person must see first."""

    at: datetime
    first: Delivery
    deliveries: list[Delivery]
    past: bool


def greeting(hour: int, name: str) -> str:
    """By the clock of the brand: to noon, to 18, later."""
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")) % {"name": name}


def owed_lines(conversations: Sequence[Conversation], moment: datetime) -> list[Owed]:
    lines = []
    for one in conversations:
        since, by = one.owed_since or moment, one.answer_by or moment
        whole = max((by - since).total_seconds(), 1)
        left = (by - moment).total_seconds()
        lines.append(Owed(one, left, max(0, min(100, round(100 * left / whole)))))
    return lines


def timeline(deliveries: Sequence[Delivery], moment: datetime) -> list[Going]:
    """Deliveries of one post at one moment are one line."""

    def same(delivery: Delivery) -> tuple[datetime, str]:
        post = delivery.revision.post_id if delivery.revision else delivery.pk
        return delivery.due_at, str(post)

    ordered = sorted(deliveries, key=same)
    groups = [list(group) for _key, group in groupby(ordered, key=same)]
    return [Going(g[0].due_at, g[0], g, g[0].due_at <= moment) for g in groups]


def _sections(request: MemberRequest, brand: Brand, moment: datetime) -> dict[str, Any]:
    member = request.member
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    approvals: list[Approval] = []
    approvals_total = 0
    if may(member, "approval.give"):
        waiting = waiting_for_approval(member, brand)
        approvals = list(waiting.prefetch_related("revision__post__assets__asset")[: MOST + 1])
        approvals_total = len(approvals) if len(approvals) <= MOST else waiting.count()
    needs = list(needing(member, brand)[: MOST + 1])
    handed = [d for d in needs if d.state == DeliveryState.HANDED_OFF]
    answers = may(member, "inbox.read")
    conversations = list(owed(member, brand)[:MOST]) if answers else []
    return {
        "owed": owed_lines(conversations, moment),
        "owed_total": owed_count(member, brand) if len(conversations) == MOST else len(conversations),
        "approvals": approvals[:MOST],
        "approvals_total": approvals_total,
        "needs": [(d, tell(d.reason, d.reason_params, d.account.channel)) for d in needs[:MOST]],
        "needs_more": len(needs) > MOST,
        "handed": handed,
        "going": timeline(
            list(going_out(member, brand, midnight, midnight + timedelta(days=1))[:60]), moment
        ),
        "moved": moved(member, brand),
    }


@members_only()
@require_GET
def today(request: MemberRequest) -> HttpResponse:
    """The first page."""
    moment = now()
    local = timezone.localtime(moment)
    page: dict[str, Any] = {
        "moment": moment,
        "greeting": greeting(local.hour, request.member.name),
        "paused": request.member.workspace.paused_at,
        "may_pause": may(request.member, "workspace.pause"),
    }
    if request.brand is not None:
        page |= _sections(request, request.brand, moment)
        page["clear"] = not (page["owed"] or page["approvals"] or page["needs"])
    return render(request, "web/today.html", page)
