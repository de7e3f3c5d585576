"""What people changed about a delivery before it went out: who, from which hour to which, and when; in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery, SeriesKind
from kitestring.domains.publishing.rules.words import reason_words
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.domains.workspaces.queries import changes_of
from kitestring.ui.formats import date_time

HOURS: Final = ("delivery.schedule", "delivery.move")
AGAIN: Final = ("delivery.requeue", "delivery.send_again")
VERBS: Final = (
    *HOURS,
    *AGAIN,
    "delivery.hold",
    "delivery.release",
    "delivery.cancel",
    "delivery.put_back",
    "delivery.ask",
    "delivery.withdraw",
)
ADDRESS: Final = "delivery.correct"
# An hour this near to the moment it was chosen is "now".
NOW: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Change:
    """One change. `due`: the hour it has from then on, None where the hour was left alone. `shape`: a state's drawing.

    `text` "": an attempt tells it.
    """

    at: datetime
    verb: str
    shape: str
    text: str
    detail: str
    due: datetime | None


def changed_by_people(delivery: Delivery) -> list[Change]:
    """In order. The first is how it was scheduled, also where no record of that is left."""
    entries = list(changes_of(delivery.account.workspace_id, delivery.pk, (*VERBS, ADDRESS)))
    asked = any(entry.verb == "delivery.ask" for entry in entries)
    told = [
        change
        for entry in entries
        for change in (*_put_before_a_person(entry, asked=asked), *_told(entry, delivery))
    ]
    if not told or told[0].verb != HOURS[0] or entries[0].before:
        told.insert(0, Change(delivery.made_at, HOURS[0], "scheduled", _made(delivery), "", None))
    return sorted(told, key=lambda one: one.at)


def _made(delivery: Delivery) -> str:
    if delivery.series is not None and delivery.series.kind == SeriesKind.EVERGREEN:
        return _("An evergreen slot took it from the stock")
    who = {"who": delivery.made_by.name if delivery.made_by else _("Somebody who left")}
    return _("%(who)s scheduled it") % who


def due_then(delivery: Delivery, changes: list[Change], at: datetime) -> datetime:
    """The hour it had at that moment: a later move is no excuse, and no blame."""
    return next((one.due for one in reversed(changes) if one.due and one.at <= at), delivery.due_at)


def _told(entry: AuditEntry, delivery: Delivery) -> Iterator[Change]:
    who = {"who": entry.member.name if entry.member else _("Somebody who left")}
    if entry.verb in HOURS:
        yield from _hour(entry, delivery, who)
        return
    if entry.verb in AGAIN:
        text = _("%(who)s had it sent again") % who if entry.verb == AGAIN[0] else ""
        yield Change(entry.at, entry.verb, "sending", text, "", _moment(entry.after.get("due_at")))
        return
    if entry.verb == "delivery.withdraw":
        # Whoever deleted it there says so by an attempt of its own.
        text = "" if entry.after.get("state") == "withdrawn" else _("%(who)s had it taken down") % who
        yield Change(entry.at, entry.verb, "cancelled", text, "", None)
        return
    if entry.verb == ADDRESS:
        text, was = _("%(who)s corrected its address") % who, {"address": entry.before.get("address", "")}
        yield Change(entry.at, entry.verb, "published", text, _("Before: %(address)s") % was, None)
        return
    shape, text = {
        "delivery.hold": ("held", _("%(who)s held it")),
        "delivery.release": ("scheduled", _("%(who)s let it go on")),
        "delivery.ask": ("needs", _("%(who)s wanted it looked at before it goes out")),
        "delivery.cancel": ("cancelled", _("%(who)s cancelled it. It will never go out")),
        "delivery.put_back": ("scheduled", _("%(who)s put it back")),
    }[entry.verb]
    if entry.verb == "delivery.cancel" and entry.after.get("reason") == "skipped":
        text = _("%(who)s skipped it")
    detail = reason_words(str(entry.after.get("reason", "")), {}) if entry.verb == "delivery.ask" else ""
    yield Change(entry.at, entry.verb, shape, text % who, detail, None)


def _put_before_a_person(entry: AuditEntry, *, asked: bool) -> Iterator[Change]:
    """What this change ended: the row itself has forgotten it. What a try found, or a person asked, is told by that."""
    reason, since = str(entry.before.get("reason", "")), _moment(entry.before.get("found_at"))
    if entry.verb != "delivery.move" or since is None or reason == "told_to_wait":
        return
    if (why := reason_words(reason, {})) and not (asked and reason in ("late", "paused_over")):
        yield Change(since, "delivery.found", "needs", _("Put before a person"), why, None)


def _hour(entry: AuditEntry, delivery: Delivery, who: dict[str, str]) -> Iterator[Change]:
    was, due = _moment(entry.before.get("due_at")), _moment(entry.after.get("due_at"))
    if due is None:
        return
    zone = delivery.account.brand.zone
    said = {**who, "to": date_time(due, "short", zone), "from": date_time(was, "short", zone)}
    other = {entry.before.get("revision"), entry.after.get("revision")}
    detail = _("With the post’s text as it stood then") if was and len(other - {None}) > 1 else ""
    if abs(due - entry.at) < NOW:
        text = _("%(who)s chose “publish now”")
        detail = _("Before, it was due %(from)s") % said if was else ""
    elif was is None:
        text = _("%(who)s scheduled it for %(to)s")
    elif was != due:
        text = _("%(who)s moved it from %(from)s to %(to)s")
    elif detail:
        text = _("%(who)s scheduled it anew for %(to)s")
    else:
        return
    yield Change(entry.at, entry.verb, "scheduled", text % said, detail, due)


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) and written else None
