"""Today: what needs this person, in the order in which it is lost. Each line is cured where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.hours import Hour, next_hours
from kitestring.domains.publishing.queries.seen import seen_state
from kitestring.domains.publishing.rules.seen import loudest
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.ui.elements import state_word
from kitestring.ui.people import given_name
from kitestring.web.days.line import date_line
from kitestring.web.figures import MOST as COUNTED
from kitestring.web.first_steps import first_steps
from kitestring.web.today_rows import going_out, needing, owed, waiting_for_approval

MOST: Final = 7
READ: Final = 60


@dataclass(frozen=True)
class Owed:
    """A conversation that waits: seconds left (negative: late), and how much of the promised time is left in percent."""

    conversation: Conversation
    left: float
    percent: int


@dataclass(frozen=True)
class Going:
    """What goes out at one moment: one post, the accounts it goes to, the state a person must see first.

    `first` is a delivery that stands so, `alike` how many do.
    """

    at: datetime
    first: Delivery
    deliveries: list[Delivery]
    past: bool
    state: str
    alike: int

    @property
    def standing(self) -> str:
        """The state in words; with how many of the accounts, when they do not all stand alike."""
        word, total = state_word(self.state), len(self.deliveries)
        if self.alike == total:
            return word
        said = _("%(state)s on %(n)s of %(total)s accounts")
        return said % {"state": word, "n": self.alike, "total": total}


@dataclass(frozen=True)
class Need:
    """One post that waits for a person in one way, on one account or several."""

    first: Delivery
    told: str
    accounts: list[Account]

    @property
    def handles(self) -> list[str]:
        """Which accounts, when there are several: their marks alone may be the same."""
        return [a.handle or a.name for a in self.accounts] if len(self.accounts) > 1 else []


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


def timeline(deliveries: Sequence[Delivery], moment: datetime, asks: bool) -> list[Going]:
    """Deliveries of one post at one moment are one line. `asks`: the brand wants approval."""

    def same(delivery: Delivery) -> tuple[datetime, str]:
        post = delivery.revision.post_id if delivery.revision else delivery.pk
        return delivery.due_at, str(post)

    ordered = sorted(deliveries, key=same)
    return [_going(list(group), moment, asks) for _key, group in groupby(ordered, key=same)]


def _going(together: list[Delivery], moment: datetime, asks: bool) -> Going:
    states = [seen_state(one, asks) for one in together]
    state = loudest(states)
    due, first = together[0].due_at, together[states.index(state)]
    return Going(due, first, together, due <= moment, state, states.count(state))


def need_lines(deliveries: Iterable[Delivery]) -> list[Need]:
    """In the order given; a post that stands the same way for the same reason on several accounts is one line."""
    lines: dict[tuple[object, ...], Need] = {}
    for one in deliveries:
        told = tell(one.reason, one.reason_params, one.account.channel)
        post = one.revision.post_id if one.revision else one.pk
        lines.setdefault((post, one.state, told or one.due_at), Need(one, told, [])).accounts.append(
            one.account
        )
    return list(lines.values())


def approval_lines(
    approvals: Sequence[Approval], hours: dict[Any, Hour]
) -> list[tuple[Approval, Hour | None]]:
    """What goes out soonest is lost soonest; what has no hour yet follows, the longest waiting first."""
    lines = [(a, hours.get(a.revision.post_id)) for a in approvals]
    return sorted(lines, key=lambda line: (line[1] is None, line[1].at if line[1] else line[0].asked_at))


def _approvals(request: MemberRequest, brand: Brand) -> dict[str, Any]:
    if not may(request.member, "approval.give"):
        return {"approvals": [], "approvals_total": 0}
    waiting = waiting_for_approval(request.member, brand)
    found = list(waiting[:READ])
    hours = next_hours(request.member, [a.revision.post_id for a in found]) if found else {}
    total = len(found) if len(found) < READ else waiting.count()
    return {"approvals": approval_lines(found, hours)[:MOST], "approvals_total": total}


def _sections(request: MemberRequest, brand: Brand, moment: datetime) -> dict[str, Any]:
    member = request.member
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    needs = need_lines(needing(member, brand)[:READ])
    conversations = list(owed(member, brand)[:MOST]) if may(member, "inbox.read") else []
    return {
        "owed": owed_lines(conversations, moment),
        **_approvals(request, brand),
        "needs": needs[:MOST],
        "needs_total": len(needs),
        "going": timeline(
            list(going_out(member, brand, midnight, midnight + timedelta(days=1))[:READ]),
            moment,
            brand.needs_approval,
        ),
        "moved": moved(member, brand),
    }


@members_only()
@require_GET
def today(request: MemberRequest) -> HttpResponse:
    """The first page. How many answers are owed in all stands in the frame already, counted up to `most_counted`."""
    moment, member = now(), request.member
    local = timezone.localtime(moment)
    zone = request.brand.timezone if request.brand else "UTC"
    page: dict[str, Any] = {
        "moment": moment,
        "greeting": greeting(local.hour, given_name(member.name, member.language)),
        "date_line": date_line(local.date(), zone),
        "most_counted": COUNTED,
        "paused": member.workspace.paused_at,
        "may_pause": may(member, "workspace.pause"),
    }
    if request.brand is not None:
        page |= _sections(request, request.brand, moment)
        page["clear"] = not (page["owed"] or page["approvals"] or page["needs"])
        page["steps"] = first_steps(member, request.brand) if page["clear"] and not page["going"] else []
    return render(request, "web/today.html", page)
