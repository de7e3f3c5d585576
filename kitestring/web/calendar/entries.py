"""Makes of rows what a calendar draws: one entry a delivery or planned post, sorted into days of the brand's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.reschedule import SET_ASIDE
from kitestring.domains.publishing.queries.calendar import Chip, Plan
from kitestring.ui.states import look

# The chip's ground in calendar.css, by state.
GROUNDS: Final = {
    "draft": "drf", "approval": "wait", "scheduled": "sch", "sending": "sch", "processing": "sch", "held": "unk",
    "published": "pub", "settled": "pub", "withdrawn": "pub", "unknown": "unk", "needs_attention": "unk",
    "failed": "bad", "handed_off": "sch",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing on the calendar. `at` is on the brand's clock. `move`: where a new hour is posted, "" when it may not."""

    id: UUID
    at: datetime
    title: str
    state: str
    ground: str
    shape: str
    word: str
    url: str
    move: str
    account: Account | None
    note: str = ""

    @property
    def day(self) -> date:
        return self.at.date()


def entries_of(
    chips: Iterable[Chip],
    plans: Iterable[Plan],
    accounts: Mapping[UUID, Account],
    zone: ZoneInfo,
    *,
    asks: bool,
    may_move: bool,
) -> list[Entry]:
    """Deliveries and plans together, by hour. `asks`: the brand wants approval, so what lacks it says so."""
    found = [_delivery(c, accounts.get(c.account_id), zone, asks, may_move) for c in chips]
    found += [_plan(p, zone, may_move) for p in plans]
    return sorted(found, key=lambda e: e.at)


def by_day(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        days[entry.day].append(entry)
    return days


def _delivery(chip: Chip, account: Account | None, zone: ZoneInfo, asks: bool, may_move: bool) -> Entry:
    state = chip.state
    if state == "scheduled" and asks and chip.needs_approval and not chip.approved:
        state = "approval"
    if state == "published" and chip.in_doubt is not None:
        state = "settled"
    appearance = look(state)
    free = chip.state in ("scheduled", "held") or (
        chip.state == "needs_attention" and chip.reason in SET_ASIDE and chip.in_doubt is None
    )
    return Entry(
        chip.id,
        chip.due_at.astimezone(zone),
        _words(chip.title, chip.words),
        state,
        GROUNDS.get(state, "sch"),
        appearance.shape,
        str(appearance.word),
        reverse("publishing:delivery", args=[chip.id]),
        reverse("web:calendar_move", args=["delivery", chip.id]) if may_move and free else "",
        account,
        chip.carried_by,
    )


def _plan(plan: Plan, zone: ZoneInfo, may_move: bool) -> Entry:
    appearance = look("draft")
    return Entry(
        plan.id,
        plan.planned_for.astimezone(zone),
        _words(plan.title, plan.words),
        "draft",
        "drf",
        appearance.shape,
        str(appearance.word),
        reverse("composing:post", args=[plan.id]),
        reverse("web:calendar_move", args=["post", plan.id]) if may_move else "",
        None,
    )


def _words(title: str, words: str) -> str:
    return " ".join((title or words).split()) or _("No words yet")
