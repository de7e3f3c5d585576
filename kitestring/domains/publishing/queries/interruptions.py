"""What kept a delivery from leaving, and who let it go on: pauses of its account, brand or workspace, and ended grants.

None of that is written on the delivery: the record of changes knows when each began and ended, and by whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kitestring.domains.publishing.models import Attempt, Delivery, Step
from kitestring.domains.publishing.queries.changes import Change
from kitestring.domains.publishing.queries.line import Line
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.domains.workspaces.queries import changes_among
from kitestring.kit.clock import now

GRANT: Final = "account.expire"
BEGINS: Final = {
    "workspace.pause": lazy("%(who)s paused everything"),
    "brand.pause": lazy("%(who)s paused the brand"),
    "account.pause": lazy("%(who)s paused this account"),
    GRANT: lazy("The account’s grant ended"),
}
ENDS: Final = {
    "workspace.resume": "workspace.pause",
    "brand.resume": "brand.pause",
    "account.resume": "account.pause",
    "account.reconnect": GRANT,
    "account.renew": GRANT,
}
WAITING: Final = ("scheduled", "held", "partly_out", "handed_off", "draft")


@dataclass(frozen=True)
class Stop:
    """From `begun` to `ended` (None: it lasts) nothing left."""

    begun: AuditEntry
    ended: AuditEntry | None = None


def interruptions(delivery: Delivery, tries: Sequence[Attempt], changes: Sequence[Change]) -> list[Line]:
    """In order; only what was on while it should have left, or for a grant while it waited at all."""
    end = _gone_at(delivery, tries)
    owed = list(_owed(delivery, changes, end))
    lines: list[Line] = []
    stops = list(_stops(delivery))
    for stop in stops:
        spans = [(delivery.made_at, end)] if stop.begun.verb == GRANT else owed
        until = stop.ended.at if stop.ended else None
        if not any(stop.begun.at < last and (until is None or until > first) for first, last in spans):
            continue
        lines.append(_began(stop.begun))
        if stop.ended and (stop.ended.at <= end or delivery.state in (*WAITING, "needs_attention")):
            lines.append(_went_on(stop.ended, _still(stops, stop.ended)))
    return sorted(lines, key=lambda line: line.at)


def _gone_at(delivery: Delivery, tries: Sequence[Attempt]) -> datetime:
    """Until when something could keep it: its last try, or when it was put before a person or ended; now while it waits."""
    if delivery.state in WAITING:
        return now()
    sent = [one.started_at for one in tries if one.step == Step.PUBLISH]
    return sent[-1] if sent else delivery.changed_at


def _owed(
    delivery: Delivery, changes: Sequence[Change], end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which it was due and had not left, under each hour it had."""
    hours = [(one.at, one.due) for one in changes if one.due] or [(delivery.made_at, delivery.due_at)]
    for (since, due), following in zip(hours, [*hours[1:], (end, None)], strict=True):
        first, last = max(since, due), min(following[0], end)
        if first < last or first == due == end:
            yield first, last


def _stops(delivery: Delivery) -> Iterator[Stop]:
    account = delivery.account
    places = (account.workspace_id, account.brand_id, account.pk)
    open_: dict[tuple[UUID, str], AuditEntry] = {}
    for entry in changes_among(account.workspace_id, places, (*BEGINS, *ENDS)):
        if entry.verb in BEGINS:
            open_.setdefault((entry.subject_id, entry.verb), entry)
        elif begun := open_.pop((entry.subject_id, ENDS[entry.verb]), None):
            yield Stop(begun, entry)
    for begun in open_.values():
        yield Stop(begun)


def _began(entry: AuditEntry) -> Line:
    text = str(BEGINS[entry.verb]) % {"who": _who(entry)}
    return Line(entry.at, "held", text, _("It was kept and could not leave"), "warn")


def _still(stops: Sequence[Stop], ended: AuditEntry) -> AuditEntry | None:
    """What held it on when that one ended; None: it could leave."""
    at = ended.at
    lasts = (one.begun for one in stops if one.begun.at <= at and (one.ended is None or one.ended.at > at))
    return next(lasts, None)


def _went_on(entry: AuditEntry, still: AuditEntry | None) -> Line:
    if entry.verb == "account.renew" and entry.member is None:
        text = _("The account’s grant was renewed")
    elif entry.verb.endswith(".resume"):
        text = _("%(who)s resumed") % {"who": _who(entry)}
    else:
        text = _("%(who)s connected the account again") % {"who": _who(entry)}
    if still is not None:
        why = str(BEGINS[still.verb]) % {"who": _who(still)}
        return Line(entry.at, "held", text, _("It could not leave yet: %(why)s") % {"why": why}, "warn")
    return Line(entry.at, "scheduled", text, _("It could leave again"))


def _who(entry: AuditEntry) -> str:
    return entry.member.name if entry.member else _("Somebody who left")
