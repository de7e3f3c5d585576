"""What happened to a delivery, in order and in words: each attempt, answer and look-up, told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Attempt, Delivery, Step
from kitestring.domains.publishing.queries.approvals import approval_of_revision
from kitestring.domains.publishing.queries.changes import Change, changed_by_people, due_then
from kitestring.domains.publishing.queries.interruptions import interruptions
from kitestring.domains.publishing.queries.line import Line
from kitestring.domains.publishing.queries.timeline_parts import SequenceWords, told_tries
from kitestring.domains.publishing.rules.answers import NOT_SENT
from kitestring.domains.publishing.rules.machine_talk import is_machine_talk
from kitestring.domains.publishing.rules.telling import channel_name, tell, tell_delivery
from kitestring.kit.clock import now
from kitestring.ui.formats import duration

# Why a try ended before the channel was asked.
NEVER_LEFT: Final = ("not_started", "not_reached", "host_refused", "file_gone", "no_grant", "seal_broken")
ON_TIME: Final = timedelta(seconds=1)
# What a person's own change tells already.
TOLD_BY_CHANGE: Final = (
    ("held_by_person", "delivery.hold"),
    ("paused_over", "delivery.ask"),
    ("late", "delivery.ask"),
)


@dataclass(frozen=True)
class Timeline:
    """The lines, and the figures beside them. `in_doubt`: how long nobody knew, None when always known.

    `refused`: how many tries the channel refused for good. `by_person`: a person's word closed it as live.
    """

    lines: list[Line]
    sends: int
    looks: int
    in_doubt: timedelta | None
    refused: int = 0
    by_person: bool = False


def timeline_of(delivery: Delivery) -> Timeline:
    """Everything that is written down about a delivery."""
    tries, changes = told_tries(delivery), changed_by_people(delivery)
    name = channel_name(delivery.account.channel)
    # What people changed between two tries stands between them; the tries stay in the order they were made in.
    after = [*_tries(delivery, tries, name, changes), *_now(delivery, tries, changes)]
    before = sorted(
        [*_before(delivery, changes), *interruptions(delivery, tries, changes)], key=attrgetter("at")
    )
    folded = {t.said for t in tries if is_machine_talk(t.reason, t.said)}
    lines = [
        replace(line, said="", machine=line.said) if line.said in folded else line
        for line in merge(before, after, key=attrgetter("at"))
    ]
    sends = sum(1 for t in tries if t.step == Step.PUBLISH and not _stayed(t))
    looks = sum(1 for t in tries if t.step == Step.LOOK_UP and t.reason != "no_look_up")
    refused = sum(1 for t in tries if t.outcome == "failed" and not _stayed(t))
    by_person = any(t.step == Step.PERSON and t.outcome == "published" for t in tries if t.reason == "")
    return Timeline(lines, sends, looks, _in_doubt(tries), refused, by_person)


def _before(delivery: Delivery, changes: list[Change]) -> list[Line]:
    """What people did: the changes, and the yes the text was given."""
    lines = [
        Line(one.at, one.shape, one.text, one.detail, ids=str(delivery.key) if one is changes[0] else "")
        for one in changes
        if one.text
    ]
    approval = approval_of_revision(delivery.revision_id) if delivery.revision_id else None
    if approval and approval.decided_at and approval.decided_by:
        number = approval.revision.number
        text = _("%(who)s approved revision %(n)s") % {"who": approval.decided_by.name, "n": number}
        detail = _("The text that goes out is the text that was approved")
        lines.append(Line(approval.decided_at, "approval", text, detail, ids=approval.revision.digest[:16]))
    return sorted(lines, key=attrgetter("at"))


def _tries(delivery: Delivery, tries: list[Attempt], name: str, changes: list[Change]) -> Iterator[Line]:
    sequence = SequenceWords(delivery)
    for part, those in groupby(tries, key=attrgetter("part")):
        for line in _of_part(delivery, list(those), name, changes):
            yield sequence.worded(line, part)


def _of_part(delivery: Delivery, tries: list[Attempt], name: str, changes: list[Change]) -> Iterator[Line]:
    """The tries of one part of a sequence; what is one post has one part."""
    sends = looks = 0
    before: Attempt | None = None
    follows = [t for t in tries if t.step == Step.FOLLOW]
    for one in tries:
        match one.step:
            case Step.PUBLISH:
                sends += 1
                late = None if one.part else one.started_at - due_then(delivery, changes, one.started_at)
                yield from _send(delivery, one, sends, name, before, late)
            case Step.LOOK_UP:
                looks += 1
                yield _look(delivery, one, looks, name)
            case Step.FOLLOW:
                if one is follows[-1] or one.outcome != "processing":
                    yield _follow(delivery, one, len(follows), name)
            case Step.PERSON:
                yield _person(one)
            case Step.WITHDRAW:
                yield _withdraw(delivery, one, name)
        before = one


def _send(
    delivery: Delivery, one: Attempt, number: int, name: str, before: Attempt | None, late: timedelta | None
) -> Iterator[Line]:
    detail = "" if late is None else _lateness(late)
    if before and (before.step, before.outcome) == (Step.LOOK_UP, "scheduled"):
        detail = _("We looked first: it was surely not there")
    if before and before.outcome == "failed":
        detail = _("The refusal was proof that nothing was there")
    if _stayed(one):
        text = _("Attempt %(n)s written down") % {"n": number}
        detail = detail if one.outcome == "failed" else ""
    else:
        text = _("Attempt %(n)s written down, then sent to %(channel)s") % {"n": number, "channel": name}
    yield Line(one.started_at, "sending", text, detail, ids=str(one.pk))
    at = one.ended_at or one.started_at
    if one.outcome == "published":
        text = _("%(channel)s took it. It is live") % {"channel": name}
        detail = _("Its id is kept; the delivery is closed as published")
        yield Line(at, "published", text, detail, "good", ids=delivery.remote_id)
    elif one.outcome == "processing":
        text = _("%(channel)s took it and is working on it") % {"channel": name}
        yield Line(at, "sending", text, ids=delivery.handle)
    elif one.outcome:
        yield _answered(delivery, one)


def _stayed(one: Attempt) -> bool:
    """Whether the channel was not asked at all in this try: then nobody is told that anything was sent."""
    return bool(one.reason_params.get(NOT_SENT)) or one.outcome == "held" or one.reason in NEVER_LEFT


def _lateness(late: timedelta) -> str:
    if abs(late) < ON_TIME:
        return _("Sent within a second of its hour")
    return _("Sent %(late)s after its hour") % {"late": duration(late)}


def _answered(delivery: Delivery, one: Attempt) -> Line:
    told = tell(one.reason, one.reason_params, delivery.account.channel)
    at = one.ended_at or (one.started_at + timedelta(minutes=2))
    match one.outcome:
        case "unknown":
            text, shape, tone = _("No clear answer: nobody knows whether it is live"), "unknown", "warn"
        case "needs_attention" if one.reason == "no_look_up":
            text, shape, tone = _("No clear answer: nobody knows whether it is live"), "unknown", "warn"
        case "scheduled":
            text, shape, tone = _("Not taken, surely not live. It is tried again by itself"), "held", ""
        case "held":
            text, shape, tone = _("Not sent: the account’s grant has ended"), "held", "warn"
        case _ if one.reason_params.get(NOT_SENT):
            text, shape, tone = (
                _("Stopped here before anything was sent. Nothing is live"),
                "failed",
                "danger",
            )
        case _:
            text, shape, tone = _("Refused. Nothing is live"), "failed", "danger"
    return Line(at, shape, text, told, tone, one.said)


def _look(delivery: Delivery, one: Attempt, number: int, name: str) -> Line:
    at = one.ended_at or one.started_at
    given = {"n": number, "channel": name}
    told = tell(one.reason, one.reason_params, delivery.account.channel)
    match one.outcome:
        case "published":
            text = _("Look %(n)s found it on %(channel)s") % given
            detail = _("Its id is kept; the delivery is closed as published. It was not sent twice")
            return Line(at, "published", text, detail, "good", ids=delivery.remote_id)
        case "processing":
            return Line(at, "search", _("Look %(n)s: %(channel)s is working on it") % given)
        case "scheduled":
            return Line(at, "search", _("Look %(n)s: not there, and late enough to believe it") % given, told)
        case "unknown" if one.reason == "too_early":
            detail = _("Too early to believe that. Sending again is blocked until we know")
            return Line(at, "search", _("Look %(n)s: not there yet") % given, detail)
        case "needs_attention" if one.reason == "no_look_up":
            return Line(
                at,
                "needs",
                _("Nobody can look on %(channel)s from here: a person is asked") % given,
                tone="warn",
            )
        case "unknown" | "needs_attention":
            return Line(at, "search", _("Look %(n)s brought no clear answer") % given, told, "warn", one.said)
    if under_way(delivery, one):
        return Line(at, "search", _("Look %(n)s is under way") % given)
    detail = _("Whoever looked was stopped before the answer came. Nothing was sent meanwhile")
    return Line(at, "search", _("Look %(n)s broke off: it found nothing out") % given, detail, "warn")


def _follow(delivery: Delivery, one: Attempt, number: int, name: str) -> Line:
    at = one.ended_at or one.started_at
    told = tell(one.reason, one.reason_params, delivery.account.channel)
    given = {"n": number, "channel": name}
    match one.outcome:
        case "published":
            return Line(
                at,
                "published",
                _("%(channel)s finished it. It is live") % given,
                "",
                "good",
                ids=delivery.remote_id,
            )
        case "failed":
            return Line(
                at, "failed", _("%(channel)s refused it. Nothing is live") % given, told, "danger", one.said
            )
        case "unknown":
            return Line(
                at, "unknown", _("No clear answer: nobody knows whether it is live"), told, "warn", one.said
            )
    waits = tell(delivery.waits_for, {}, delivery.account.channel)
    return Line(at, "search", _("Asked %(n)s times: %(channel)s is still working on it") % given, waits)


def _person(one: Attempt) -> Line:
    who = {"who": one.reason_params.get("member", "")}
    at = one.started_at
    match one.outcome:
        case "published" if one.reason == "left_as_it_is":
            return Line(at, "cancelled", _("%(who)s left it as it is. The rest is never sent") % who)
        case _ if one.reason == "part_not_there":
            return Line(at, "cancelled", _("%(who)s said: it is not there. It is never sent") % who)
        case "published":
            return Line(
                at, "published", _("%(who)s said: it is live") % who, _("With the address as proof"), "good"
            )
        case "withdrawn":
            return Line(at, "cancelled", _("%(who)s said: it is no longer there") % who)
        case "cancelled":
            return Line(at, "cancelled", _("%(who)s gave it up") % who)
        case _ if one.reason == "sent_now":
            return Line(at, "sending", _("%(who)s had it sent now") % who)
        case _ if one.reason == "goes_on":
            return Line(at, "sending", _("%(who)s had the rest go on") % who)
        case _ if one.reason == "taken_back":
            return Line(at, "handoff", _("%(who)s took it back from the hand-off") % who)
    return Line(at, "sending", _("%(who)s said: it is not there, send it") % who, _("The same key is used"))


def _withdraw(delivery: Delivery, one: Attempt, name: str) -> Line:
    at = one.ended_at or one.started_at
    if one.outcome == "withdrawn":
        return Line(at, "cancelled", _("Taken down on %(channel)s") % {"channel": name})
    if not one.outcome and under_way(delivery, one):
        return Line(at, "sending", _("Taking it down on %(channel)s is under way") % {"channel": name})
    told = tell(one.reason, one.reason_params, delivery.account.channel)
    return Line(at, "failed", _("Taking it down did not work; it is still there"), told, "danger", one.said)


def _now(delivery: Delivery, tries: list[Attempt], changes: list[Change]) -> Iterator[Line]:
    """What the ledger itself found, where no attempt and no person's change tells it."""
    # A look that is under way has found nothing yet.
    last = next((t.reason for t in reversed(tries) if t.outcome), "")
    # Another hour is no other cause: what was held and then moved is held by the same word.
    by = next((one.verb for one in reversed(changes) if one.verb != "delivery.move"), changes[-1].verb)
    if (delivery.reason, by) in TOLD_BY_CHANGE:
        return
    waits = delivery.state in ("held", "needs_attention", "unknown") and delivery.reason != last
    if waits or delivery.state == "handed_off":
        told = tell_delivery(delivery)
        texts = {
            "held": (_("Held"), "held"),
            "needs_attention": (_("Put before a person"), "needs"),
            "handed_off": (_("Handed off to be published by hand"), "handoff"),
            "unknown": (_("Nobody knows whether it is live"), "unknown"),
        }
        text, shape = texts[delivery.state]
        yield Line(delivery.changed_at, shape, text, told, "" if shape == "handoff" else "warn")
    if (
        delivery.state == "cancelled"
        and by != "delivery.cancel"
        and (not tries or tries[-1].outcome != "cancelled")
    ):
        why = (
            tell(delivery.reason, delivery.reason_params, delivery.account.channel)
            if delivery.series_id
            else ""
        )
        yield Line(delivery.changed_at, "cancelled", _("Cancelled. It will never go out"), why)


def under_way(delivery: Delivery, one: Attempt) -> bool:
    """Whether its answer may still come: who made it holds the delivery. A worker that was stopped left it open for good."""
    lease = delivery.lease_until
    return one.ended_at is None and one.owner == delivery.owner and lease is not None and lease > now()


def _in_doubt(tries: list[Attempt]) -> timedelta | None:
    """From the first answer nobody could read to the moment it was known."""
    begun = next((t.ended_at or t.started_at for t in tries if _unclear(t)), None)
    if begun is None:
        return None
    part = next(t.part for t in tries if _unclear(t))
    about = [t for t in tries if t.part == part and t.step != Step.WITHDRAW and not _unclear(t)]
    known = next((t for t in reversed(about) if t.outcome and t.reason != "left_as_it_is"), None)
    return (
        (known.ended_at or known.started_at) - begun
        if known and known.ended_at and known.ended_at > begun
        else None
    )


def _unclear(one: Attempt) -> bool:
    """Whether nobody could know after this try; without a look-up a person is asked at once."""
    return one.outcome == "unknown" or (one.outcome == "needs_attention" and one.reason == "no_look_up")
