"""Problems that hold several deliveries at once, each once: an ended grant, a pause; how many wait, and from which hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import NEEDS_YOU, visible_to
from kitestring.domains.publishing.queries.pauses import ACCOUNT, BRAND, WORKSPACE
from kitestring.domains.publishing.rules.holding import ALONE, GRANT, held_by
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.rows import rows
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name

HELD_TOGETHER: Final = Q(state=DeliveryState.HELD) & ~Q(reason__in=ALONE)

# Only of accounts that something stops: on any other day not one delivery is read for it. What is still held a moment
# after its cause has gone goes on by itself.
COUNTED: Final = """
SELECT d.account_id, d.reason, d.kind = 'reply', count(*), array_agg(DISTINCT d.subject_id::text || d.due_at::text),
    min(d.due_at), min(d.due_at) FILTER (WHERE d.due_at > %(now)s),
    a.channel, a.handle, a.name, a.state = 'expired', a.paused_at IS NOT NULL, b.id, b.name, b.paused_at IS NOT NULL, b.timezone
FROM publishing_delivery d JOIN channels_account a ON a.id = d.account_id JOIN brands_brand b ON b.id = a.brand_id
    JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE a.workspace_id = %(workspace)s AND (%(brand)s::uuid IS NULL OR b.id = %(brand)s)
  AND (a.state = 'expired' OR a.paused_at IS NOT NULL OR b.paused_at IS NOT NULL OR w.paused_at IS NOT NULL)
  AND d.state = 'held' AND d.reason <> ALL(%(alone)s::text[]) AND (d.kind <> 'reply' OR %(replies)s)
GROUP BY d.account_id, d.reason, d.kind, a.id, b.id ORDER BY min(d.due_at), d.account_id"""


@dataclass
class Problem:
    """`what`: GRANT, or the place of the pause; `row_id` is that account's, brand's or workspace's, `name` its name.

    `first`: the soonest hour it holds, `ahead` the soonest that is still to come. `holds`: accounts, each with the reason
    that stands on the rows. `others`: what holds some of it as well, `alone` whether it holds some by itself. A post that
    waits on several accounts at one hour waits once.
    """

    what: str
    row_id: UUID
    name: str
    zone: str
    first: datetime
    ahead: datetime | None = None
    moments: set[str] = field(default_factory=set)
    answers: int = 0
    accounts: dict[UUID, Account] = field(default_factory=dict)
    holds: set[tuple[UUID, str]] = field(default_factory=set)
    others: dict[str, None] = field(default_factory=dict)
    alone: bool = False

    @property
    def posts(self) -> int:
        return len(self.moments)

    @property
    def since(self) -> datetime:
        return self.first

    @property
    def title(self) -> str:
        if self.what == GRANT:
            return _("The grant of %(account)s has ended") % {"account": self.name}
        if self.what == WORKSPACE:
            return _("Everything is paused")
        return _("%(name)s is paused") % {"name": self.name}

    @property
    def word(self) -> str:
        """For its chip: a row shows it before the name, which may be long."""
        return _("Grant ended") if self.what == GRANT else _("Paused")

    @property
    def told(self) -> str:
        """How much waits, and from which hour on."""
        return _("%(waiting)s, the first planned for %(when)s.") % {
            "waiting": self.waiting,
            "when": date_time(self.first, "short", self.zone),
        }

    @property
    def waiting(self) -> str:
        posts = ngettext("%(n)s post waits", "%(n)s posts wait", self.posts) % {"n": self.posts}
        if not self.answers:
            return posts
        answers = ngettext("%(n)s answer waits", "%(n)s answers wait", self.answers) % {"n": self.answers}
        return _("%(one)s, %(two)s") % {"one": posts, "two": answers} if self.posts else answers

    @property
    def after(self) -> str:
        """What becomes of all of it."""
        others = {"others": _(", ").join(self.others)}
        if self.others and not self.alone:
            return (
                _(
                    "Also: %(others)s. What is still in time goes out by itself once nothing holds it any more, each post once."
                )
                % others
            )
        told = (
            _("Connect it again: what is still in time goes out by itself, each post once.")
            if self.what == GRANT
            else _("Resume: what is still in time goes out by itself, each post once.")
        )
        if self.others:
            return told + " " + _("Also: %(others)s. What that holds stays until it ends too.") % others
        return told


def problems(member: Member, brand: Brand | None = None) -> list[Problem]:
    """What holds deliveries of this brand (of all) that this member may let go, the soonest hit first."""
    if not may(member, NEEDS_YOU[DeliveryState.HELD]):
        return []
    given = {
        "workspace": member.workspace_id,
        "brand": brand.pk if brand else None,
        "alone": list(ALONE),
        "replies": may(member, "inbox.read"),
        "now": now(),
    }
    found: dict[tuple[str, UUID], Problem] = {}
    whole = (member.workspace_id, member.workspace.name, member.workspace.paused_at is not None)
    for (
        pk,
        reason,
        reply,
        count,
        moments,
        first,
        ahead,
        channel,
        handle,
        name,
        ended,
        paused,
        *of_brand,
        zone,
    ) in rows(COUNTED, **given):
        account = Account(pk=pk, channel=channel, handle=handle, name=name)
        here = (pk, account_name(account), paused)
        places = {WORKSPACE: whole, BRAND: tuple(of_brand), ACCOUNT: here}
        what = _what(places, reason, ended)
        row_id, called, _paused = here if what == GRANT else places[what]
        one = found.setdefault((what, row_id), Problem(what, row_id, called, zone, first))
        one.moments |= set() if reply else set(moments)
        one.answers += count if reply else 0
        one.ahead = min((at for at in (one.ahead, ahead) if at), default=None)
        one.accounts[pk] = account
        one.holds.add((pk, reason))
        others = _others(places, what, ended)
        one.others |= dict.fromkeys(others)
        one.alone |= not others
    return list(found.values())


def _what(places: dict[str, tuple[UUID, str, bool]], reason: str, ended: bool) -> str:
    """What holds it now. A row keeps the reason of what caught it first, also when something else holds it too."""
    if ended and held_by(reason) == GRANT:
        return GRANT
    return next((what for what, (_row, _name, paused) in places.items() if paused), GRANT)


def _others(places: dict[str, tuple[UUID, str, bool]], what: str, ended: bool) -> list[str]:
    """What else holds it, in words."""
    told = [
        _("Everything is paused") if at == WORKSPACE else _("%(name)s is paused") % {"name": name}
        for at, (_row, name, paused) in places.items()
        if paused and at != what
    ]
    if ended and what != GRANT:
        told.append(_("The grant of %(account)s has ended") % {"account": places[ACCOUNT][1]})
    return told


def problem(member: Member, what: str, row_id: UUID, brand: Brand | None) -> Problem | None:
    """The one of this place; None when it holds nothing (any more). A paused workspace is told of the `brand` in hand."""
    within = brand if what == WORKSPACE else None
    return next((p for p in problems(member, within) if (p.what, p.row_id) == (what, row_id)), None)


def held_by_problem(member: Member, one: Problem) -> QuerySet[Delivery]:
    """All that it holds, the soonest due first."""
    its = reduce(or_, (Q(account_id=account, reason=reason) for account, reason in one.holds))
    return visible_to(member).filter(its, HELD_TOGETHER).order_by("due_at", "id")


def is_place_of(member: Member, what: str, row_id: UUID) -> bool:
    """Whether such a problem could ever be this member's: an account, a brand or the workspace of theirs."""
    if what == WORKSPACE:
        return row_id == member.workspace_id
    if what == BRAND:
        return Brand.objects.filter(pk=row_id, workspace_id=member.workspace_id).exists()
    if what in (ACCOUNT, GRANT):
        return Account.objects.filter(pk=row_id, workspace_id=member.workspace_id).exists()
    return False
