"""One line of the record in words: what was done to what, and each value before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.planning.rules import label_of
from kitestring.domains.publishing.rules.places import place_of
from kitestring.domains.reviewing.rules.lines import Comparing, differing
from kitestring.domains.reviewing.rules.pieces import Line as TextLine
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.domains.workspaces.rules.fields import field_label, reading_order, unread, value_label
from kitestring.domains.workspaces.rules.verbs import verb_label
from kitestring.web.record.subjects import Subject, subjects_of

SHORT: Final = 60  # letters that are read at a glance; longer words show only where they differ


@dataclass(frozen=True)
class Change:
    """`lines`: instead of the two values where both are long: what differs between them."""

    key: str
    field: str
    was: str
    now: str
    lines: list[TextLine]


@dataclass(frozen=True)
class Line:
    """`subject` None: it is gone, or nothing this member may see; `name` is what the entry itself called it.

    `by`: who did it, in words; `called` of those is the name of a person, "" for Kitestring's own doing. Every hour of a
    line is of `zone`: of the brand it is about, else of the one in hand. `place` names it where it is not the latter's.
    """

    entry: AuditEntry
    by: str
    called: str
    what: str
    subject: Subject | None
    name: str
    changes: list[Change]
    zone: ZoneInfo
    place: str


def lines_of(member: Member, entries: Sequence[AuditEntry]) -> list[Line]:
    """The lines in the order given."""
    subjects, compared = subjects_of(member, entries), Comparing(differing)
    here = ZoneInfo(get_current_timezone_name())
    return [
        _line(entry, subjects.get(entry.subject_id), member.language, compared, here) for entry in entries
    ]


def _line(
    entry: AuditEntry, subject: Subject | None, language: str, compared: Comparing, here: ZoneInfo
) -> Line:
    zone = subject.brand.zone if subject and subject.brand else here
    name = _own_name(entry)
    keys = sorted({*entry.before, *entry.after}, key=reading_order)
    person = entry.member.name if entry.member else _signed(entry)
    return Line(
        entry=entry,
        by=_by(entry, person),
        called=person,
        what=verb_label(entry.verb),
        subject=subject,
        name=name,
        changes=[
            _change(entry, key, subject, language, compared)
            for key in keys
            if not _is_heading(entry, key, subject.name if subject else name)
            and not _unread(entry, key, subject)
            and not (key == "signed_as" and entry.after.get(key) == person)
        ],
        zone=zone,
        place="" if zone.key == here.key else place_of(zone),
    )


def _signed(entry: AuditEntry) -> str:
    """The name somebody without a seat here signed with; "" where nobody signed."""
    return str(entry.after.get("signed_as") or "")


def _by(entry: AuditEntry, person: str) -> str:
    if entry.member:
        return person
    return _("%(name)s, through the live link") % {"name": person} if person else _("Kitestring itself")


def _own_name(entry: AuditEntry) -> str:
    """What the entry calls its subject, for when there is no other name any more."""
    for key in ("name", "title", "email"):
        for side in (entry.after, entry.before):
            if side.get(key):
                return str(side[key])
    return ""


def _change(
    entry: AuditEntry, key: str, subject: Subject | None, language: str, compared: Comparing
) -> Change:
    was, now = (_shown(side, key, subject, language) for side in (entry.before, entry.after))
    old, new = entry.before.get(key), entry.after.get(key)
    long = isinstance(old, str) and isinstance(new, str) and min(len(old), len(new)) > SHORT
    return Change(key, field_label(key), was, now, compared(str(old), str(new)) if long else [])


def _shown(values: dict[str, Any], key: str, subject: Subject | None, language: str) -> str:
    if key not in values:
        return ""
    value = values[key]
    if key == "kind" and subject and subject.account:
        return _way(subject.account.channel, value, language)
    if key == "goal_metric":
        return label_of(value) or value_label(key, None)
    return value_label(key, value, subject.brand.zone if subject and subject.brand else None)


def _way(channel: str, kind: str, language: str) -> str:
    """A way of publishing as its channel calls it."""
    kinds = registry.get(channel).manifest.kinds if channel in registry.connectors() else ()
    return next((one.label.in_(language) for one in kinds if one.key == kind), "–")


def _is_heading(entry: AuditEntry, key: str, name: str) -> bool:
    """Whether the value stands in the line's first words already and did not change."""
    if key not in ("name", "title", "email"):
        return False
    return {side[key] for side in (entry.before, entry.after) if key in side} == {name}


def _unread(entry: AuditEntry, key: str, subject: Subject | None) -> bool:
    """Whether both sides are only for the machine, or the same, or there was nothing and there is nothing."""
    if key in entry.before and entry.before[key] == entry.after.get(key):
        return True
    if subject and subject.account:
        if key == "account":
            return True  # it stands in the line's first words
        if key == "kind" and entry.subject_kind == "variant":
            return key not in entry.before  # the first one is the channel's own choice
    values = [side[key] for side in (entry.before, entry.after) if side.get(key) not in (None, "", [])]
    return all(key != "goal_metric" and unread(entry.verb, key, one) for one in values)
