"""Makes of rows what a calendar draws: one entry a delivery or planned post, sorted into days of the brand's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kitestring.domains.publishing.actions.reschedule import SET_ASIDE
from kitestring.domains.publishing.queries.calendar import Chip, Plan
from kitestring.domains.publishing.rules.seen import seen
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import why_not
from kitestring.ui.elements import icon, shape
from kitestring.ui.states import look
from kitestring.web.calendar.marks import Marks

# The chip's ground in calendar.css, by state.
GROUNDS: Final = {
    "draft": "drf", "approval": "wait", "scheduled": "sch", "sending": "sch", "processing": "sch",
    "partly_out": "sch", "held": "unk",
    "published": "pub", "settled": "pub", "withdrawn": "pub", "unknown": "unk", "needs_attention": "unk",
    "failed": "bad", "handed_off": "sch",
}  # fmt: skip
NOWHERE: Final = UUID(int=0)
ROLE: Final = "role"


class Look(NamedTuple):
    """A state as the calendar draws it."""

    ground: str
    shape: Markup
    word: Markup


class Entry(NamedTuple):
    """One thing on the calendar. `at` is on the brand's clock. `move`: where a new hour is posted, "" when it may not;
    `stays` then names the reason (see `why_they_stay`).

    `part`: how much of a sequence is live, while that is not all. `comes_round`: one of many times.
    `mark` is the first account's; `others` are those of the accounts that take the same post at the same moment, and
    `accounts` names them all.
    """

    id: UUID
    at: datetime
    time: str
    day: str
    title: str
    state: str
    look: Look
    url: str
    move: str
    mark: Markup
    account: str
    note: str = ""
    post: UUID | None = None
    others: tuple[Markup, ...] = ()
    accounts: str = ""
    stays: str = ""
    part: str = ""
    comes_round: bool = False


@dataclass(frozen=True)
class Drawer:
    """Draws a brand's rows. `asks`: the brand wants approval, so what lacks it says so. `names`: of the accounts."""

    zone: ZoneInfo
    marks: Marks
    names: dict[UUID, str]
    asks: bool
    may_move: bool

    def entries(self, chips: Iterable[Chip], plans: Iterable[Plan]) -> list[Entry]:
        """Deliveries and plans together, by hour."""
        found = self._together([self._delivery(chip) for chip in chips])
        found += [self._plan(plan) for plan in plans]
        return sorted(found, key=attrgetter("at"))

    def _together(self, entries: Iterable[Entry]) -> list[Entry]:
        """One entry for a post that goes to several accounts at one moment and stands the same way on each."""
        groups: dict[tuple[object, ...], list[Entry]] = {}
        for e in entries:
            groups.setdefault(
                (e.post or e.id, e.at, e.state, e.title, bool(e.move), e.note, e.part, e.comes_round), []
            ).append(e)
        return [self._one(group) for group in groups.values()]

    def _one(self, group: list[Entry]) -> Entry:
        first = group[0]
        if len(group) == 1:
            return first
        return first._replace(
            others=tuple(e.mark for e in group[1:]),
            move=self._addresses["move_together"](first.id) if first.move else "",
            account="",
            accounts=_(", ").join(e.account for e in group),
        )

    @cached_property
    def _looks(self) -> dict[str, Look]:
        return {
            state: Look(ground, shape(state), escape(look(state).word)) for state, ground in GROUNDS.items()
        }

    @cached_property
    def _blank(self) -> Markup:
        return icon("circle", "sm")

    @cached_property
    def _pen(self) -> Markup:
        return icon("pen-line", "sm")

    @cached_property
    def _addresses(self) -> dict[str, Callable[[UUID], str]]:
        return {
            "delivery": _address("publishing:delivery"),
            "post": _address("composing:post"),
            "move_delivery": _address("web:calendar_move", "delivery"),
            "move_together": _address("web:calendar_move", "together"),
            "move_post": _address("web:calendar_move", "post"),
        }

    def _delivery(self, chip: Chip) -> Entry:
        lacks = self.asks and chip.needs_approval and not chip.approved
        state = seen(chip.state, lacks_approval=lacks, in_doubt=chip.in_doubt and not _part(chip))
        free = self.may_move and (
            chip.state in ("scheduled", "held")
            or (
                chip.state == "needs_attention"
                and chip.reason in SET_ASIDE
                and not chip.in_doubt
                and not chip.part
            )
        )
        at = datetime.fromtimestamp(chip.due, self.zone)
        day, time = at.isoformat(" ", "minutes")[:16].split(" ")
        return Entry(
            chip.id,
            at,
            time,
            day,
            _words(chip.title, chip.words),
            state,
            self._looks[state],
            self._addresses["delivery"](chip.id),
            self._addresses["move_delivery"](chip.id) if free else "",
            self.marks.of.get(chip.account_id, self._blank),
            self.names.get(chip.account_id, ""),
            chip.carried_by if state == "handed_off" else "",
            chip.post_id,
            stays="" if free else (chip.state if self.may_move else ROLE),
            part=_part(chip),
            comes_round=chip.comes_round,
        )

    def _plan(self, plan: Plan) -> Entry:
        at = plan.planned_for.astimezone(self.zone)
        return Entry(
            plan.id,
            at,
            at.strftime("%H:%M"),
            at.date().isoformat(),
            _words(plan.title, plan.words),
            "draft",
            self._looks["draft"],
            self._addresses["post"](plan.id),
            self._addresses["move_post"](plan.id) if self.may_move else "",
            self._pen,
            "",
            stays="" if self.may_move else ROLE,
        )


def _part(chip: Chip) -> str:
    return _("%(n)s of %(of)s") % {"n": chip.part, "of": chip.parts} if 0 < chip.part < chip.parts else ""


def why_they_stay(member: Member, entries: Iterable[Entry]) -> dict[str, str]:
    """What is said to who wants to move what stays, by the key in `stays`: the words of the deed's own refusal."""
    found = {entry.stays for entry in entries} - {""}
    return {key: why_not(member) if key == ROLE else too_late(key) for key in found}


def by_day(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        days[entry.at.date()].append(entry)
    return days


def posts_of(entries: Iterable[Entry]) -> int:
    """How many posts these are: one that stands apart on two accounts, or differently on each, is still one an hour."""
    return len({(entry.post or entry.id, entry.at) for entry in entries})


def _address(name: str, *before: str) -> Callable[[UUID], str]:
    """`reverse` once, for many ids."""
    head, _middle, tail = reverse(name, args=[*before, NOWHERE]).partition(str(NOWHERE))
    return lambda pk: f"{head}{pk}{tail}"


def _words(title: str, words: str) -> str:
    return " ".join((title or words).split()) or _("No words yet")
