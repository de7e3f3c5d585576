"""The lines of Today: rows put together as a person reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.hours import FOR_A_YES, Hour
from kitestring.domains.publishing.queries.seen import seen_state
from kitestring.domains.publishing.rules.again import again_words
from kitestring.domains.publishing.rules.seen import loudest
from kitestring.domains.publishing.rules.telling import tell_delivery
from kitestring.domains.reviewing.models import Approval
from kitestring.ui import formats
from kitestring.ui.elements import state_word
from kitestring.ui.marks import account_names

HALF_A_DAY: Final = 12 * 3600


@dataclass(frozen=True)
class Owed:
    """A conversation that waits: seconds left (negative: late), and how much of the promised time is left in percent."""

    conversation: Conversation
    left: float
    percent: int


@dataclass(frozen=True)
class Going:
    """What goes out at one moment: one post, the accounts it goes to, the state a person must see first.

    `first` is a delivery that stands so, `alike` how many do; `theirs`: its yes is the reader's to give. `paused`: how many
    would go out by themselves, were they not paused.
    """

    at: datetime
    first: Delivery
    deliveries: list[Delivery]
    past: bool
    state: str
    alike: int
    theirs: bool = False
    paused: int = 0

    def standing(self, moment: datetime, settles: bool = True) -> str:
        """One short line: the state, or the time left for what goes out by itself; how many accounts stand so.

        `settles`: the reader may cure it. Who may not is not told that it needs them.
        """
        total = len(self.deliveries)
        word = state_word(self.state)
        if self.state == "needs_attention" and not settles:
            word = _("Waits for the team")
        if self.alike < total:
            said = _("%(state)s on %(n)s of %(total)s accounts")
            return said % {"state": word, "n": self.alike, "total": total}
        if self.theirs and (self.state == "approval" or self.first.reason in FOR_A_YES):
            return _("Waits for your approval")
        if self.paused:
            word = _("Paused")
            if self.paused < total:
                said = _("%(state)s on %(n)s of %(total)s accounts")
                return said % {"state": word, "n": self.paused, "total": total}
        elif again := again_of(self.first, moment):
            word = again.rstrip(".。")
        elif self.state == "scheduled" and not self.past:
            minutes = max(1, round((self.at - moment).total_seconds() / 60))
            word = _("in %(span)s") % {"span": formats.duration(minutes * 60)}
            word = word[:1].upper() + word[1:]
        if total == 1 or self.state == "approval":
            return word
        accounts = ngettext("%(num)s account", "%(num)s accounts", total) % {"num": total}
        return _("%(one)s, %(two)s") % {"one": word, "two": accounts}


@dataclass(frozen=True)
class Need:
    """One post that waits for a person in one way, on one account or several."""

    first: Delivery
    told: str
    accounts: list[Account]

    @property
    def since(self) -> datetime:
        return self.first.due_at

    @property
    def ahead(self) -> datetime:
        """The hour by which it is lost."""
        return self.first.due_at

    @property
    def by_hand(self) -> bool:
        """Somebody holds it: of what comes round, only this hour."""
        return self.first.state == "held" and self.first.reason == "held_by_person"

    @property
    def gap(self) -> str:
        return formats.between_sentences()

    @property
    def names(self) -> list[str]:
        """Which accounts, when there are several: their marks alone may be the same."""
        return account_names(self.accounts) if len(self.accounts) > 1 else []


def owed_lines(conversations: Sequence[Conversation], moment: datetime) -> list[Owed]:
    lines = []
    for one in conversations:
        since, by = one.owed_since or moment, one.answer_by or moment
        whole = max((by - since).total_seconds(), 1)
        left = (by - moment).total_seconds()
        lines.append(Owed(one, left, max(0, min(100, round(100 * left / whole)))))
    return lines


def first_hour(lines: Iterable[Owed]) -> datetime | None:
    """When the first of these answers is late, or has been since."""
    return min((by for line in lines if (by := line.conversation.answer_by)), default=None)


def owed_head(lines: Iterable[Owed], moment: datetime) -> str:
    """By when the first answer is lost, as long as it is not; then since when it is late."""
    by = first_hour(lines)
    if by is None:
        return _("Answer first")
    same_day = timezone.localtime(by).date() == timezone.localtime(moment).date()
    near = same_day or 0 < (by - moment).total_seconds() < HALF_A_DAY
    hour = formats.time(by) if near else formats.day_and_time(by, now=moment)
    return (_("Answer before %(time)s") if by > moment else _("Answer now, late since %(time)s")) % {
        "time": hour
    }


def timeline(
    deliveries: Sequence[Delivery],
    moment: datetime,
    asks: bool,
    theirs: Collection[UUID] = (),
    *,
    paused: bool = False,
) -> list[Going]:
    """Deliveries of one post at one moment are one line. `asks`: the brand wants approval; `theirs`: posts that wait
    for the reader's; `paused`: nothing of the brand goes out.
    """

    def same(delivery: Delivery) -> tuple[datetime, str]:
        post = delivery.revision.post_id if delivery.revision else delivery.pk
        return delivery.due_at, str(post)

    ordered = sorted(deliveries, key=same)
    return [_going(list(group), moment, asks, theirs, paused) for _key, group in groupby(ordered, key=same)]


def _going(
    together: list[Delivery], moment: datetime, asks: bool, theirs: Collection[UUID], paused: bool
) -> Going:
    states = [seen_state(one, asks) for one in together]
    state = loudest(states)
    due, first = together[0].due_at, together[states.index(state)]
    waits = first.revision is not None and first.revision.post_id in theirs
    held = sum(
        now_ == "scheduled" and (paused or one.account.paused_at is not None)
        for one, now_ in zip(together, states, strict=True)
    )
    return Going(due, first, together, due <= moment, state, states.count(state), waits, held)


def need_lines(
    deliveries: Iterable[Delivery], moment: datetime, asked: Mapping[UUID, str] | None = None
) -> list[Need]:
    """In the order given; a post that stands the same way for the same reason on several accounts is one line.

    `asked`: what is told of those for which somebody is asked for a yes.
    """
    lines: dict[tuple[object, ...], Need] = {}
    for one in deliveries:
        told = (asked or {}).get(one.pk) or formats.sentences(tell_delivery(one), again_of(one, moment))
        post = one.revision.post_id if one.revision else one.pk
        need = Need(one, told, [])
        hour = one.due_at if not told or (need.by_hand and one.series_id) else None
        lines.setdefault((post, one.state, told, hour), need).accounts.append(one.account)
    return list(lines.values())


def again_of(delivery: Delivery, moment: datetime) -> str:
    """When it is tried or looked up again, by the reader's clock; the delivery comes with its `account_waits`."""
    return again_words(delivery, getattr(delivery, "account_waits", None), moment)


def approval_lines(
    approvals: Sequence[Approval], hours: dict[Any, Hour]
) -> list[tuple[Approval, Hour | None]]:
    """What goes out soonest is lost soonest; what has no hour yet follows, the longest waiting first."""
    lines = [(a, hours.get(a.revision.post_id)) for a in approvals]
    return sorted(lines, key=lambda line: (line[1] is None, line[1].at if line[1] else line[0].asked_at))
