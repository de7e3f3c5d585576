"""What changed, in words: the fields of the record and their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from kitestring.ui import formats, numbers

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d$")
KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+$")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

FIELDS: Final[dict[str, str]] = {
    "name": N("Name"),
    "title": N("Title"),
    "views": N("Views"),
    "likes": N("Likes"),
    "replies": N("Replies"),
    "saves": N("Saves"),
    "shares": N("Shares"),
    "role": N("Role"),
    "email": N("E-mail"),
    "language": N("Language"),
    "theme": N("Light and dark"),
    "timezone": N("Time zone"),
    "colour": N("Colour"),
    "mark": N("Mark"),
    "needs_approval": N("Approval needed"),
    "answer_within": N("Answer within (minutes)"),
    "markets": N("Markets"),
    "paused_at": N("Paused since"),
    "owner": N("Owner"),
    "channel": N("Channel"),
    "handle": N("Handle"),
    "address": N("Address"),
    "state": N("State"),
    "reason": N("Reason"),
    "brand": N("Brand"),
    "due_at": N("Due"),
    "idea": N("Idea"),
    "campaign": N("Campaign"),
    "post": N("Post"),
    "media": N("Pictures and clips"),
    "alt": N("Alternative text"),
    "planned_for": N("Planned for"),
    "account": N("Account"),
    "kind": N("Way of publishing"),
    "text": N("Text"),
    "link": N("Link"),
    "note": N("Note"),
    "revision": N("Revision"),
    "goal": N("Goal"),
    "goal_metric": N("The figure counts"),
    "goal_value": N("Goal figure"),
    "starts_on": N("First day"),
    "ends_on": N("Last day"),
    "objective": N("Why"),
    "audience": N("For whom"),
    "insight": N("On their mind"),
    "key_message": N("Key message"),
    "response": N("The single response wanted"),
    "response_object": N("What, where, when"),
    "mandatories": N("Must and must not"),
    "measure": N("Measure of success"),
    "added": N("Added"),
    "numbers": N("From and to number"),
    "on": N("Shortlisted"),
    "size": N("Size"),
    "mime": N("File type"),
    "signed_as": N("Signed as"),
    "choice": N("Choice"),
    "claim": N("Claim"),
    "so": N("So what"),
    "ask": N("Decision asked"),
    "remark": N("Remark"),
    "rule": N("Rule"),
    "words": N("Words"),
    "exemption": N("Exemption"),
    "evidence": N("Evidence"),
    "evidence_on": N("Date of the document"),
    "order": N("Order"),
    "stance": N("Stance"),
    "member": N("Member"),
    "to": N("To"),
    "owed_since": N("Waiting since"),
    "every": N("Recurs"),
    "weekdays": N("On these days"),
    "interval": N("Every how many weeks"),
    "month_day": N("Day of the month"),
    "time": N("Time"),
    "times": N("How many times"),
    "good_until": N("Good until"),
    "slots": N("Slots"),
    "deed": N("What was asked for"),
    "days_apart": N("Days between the same post"),
    "minutes_apart": N("Minutes to any other post"),
}
CHOICES: Final[dict[str, dict[str, str]]] = {
    "role": {
        "owner": N("Owner"),
        "manager": N("Manager"),
        "editor": N("Editor"),
        "approver": N("Approver"),
        "analyst": N("Analyst"),
        "stakeholder": N("Stakeholder"),
    },
    "language": {"en": "English", "zh-hans": "简体中文", "vi": "Tiếng Việt"},
    "theme": {"system": N("As the device"), "light": N("Light"), "dark": N("Dark")},
    "choice": {
        "as_proposed": N("As proposed"),
        "leave": N("Leave it as it is"),
    },
    "deed": {
        "hide": N("Hide or show again"),
        "like": N("Like or take the like back"),
        "remove": N("Remove"),
        "approve": N("Let through"),
    },
    "every": {"day": N("Every day"), "week": N("Every week"), "month": N("Every month")},
    "weekdays": {
        "0": N("Monday"),
        "1": N("Tuesday"),
        "2": N("Wednesday"),
        "3": N("Thursday"),
        "4": N("Friday"),
        "5": N("Saturday"),
        "6": N("Sunday"),
    },
    "response": {
        "read": N("Read"),
        "reply": N("Reply"),
        "share": N("Share"),
        "follow": N("Follow"),
        "sign_up": N("Sign up"),
        "visit": N("Visit"),
        "buy": N("Buy"),
        "own": N("Make it their own"),
    },
    "stance": {
        "unknown": N("Not said"),
        "customer": N("Customer"),
        "partner": N("Partner"),
        "rival": N("Rival"),
        "troll": N("Troll"),
    },
    "state": {
        "connected": N("Connected"),
        "expired": N("Grant ended"),
        "disconnected": N("Disconnected"),
        "asked": N("Waits for approval"),
        "approved": N("Approved"),
        "declined": N("Sent back"),
        "voided": N("Void: changed since"),
        "scheduled": N("Scheduled"),
        "held": N("Held"),
        "partly_out": N("Partly out"),
        "published": N("Published"),
        "unknown": N("Unknown"),
        "handed_off": N("Hand-off"),
        "failed": N("Refused"),
        "cancelled": N("Cancelled"),
        "withdrawn": N("Withdrawn"),
        "needs_attention": N("Needs you"),
        "running": N("Runs"),
        "done": N("Done"),
        "waiting": N("Waits for approval"),
        "refused": N("Refused"),
        "paused": N("Paused"),
        "ended": N("Ended"),
    },
}


# What the machine needs to know and nobody reads: which publish kind, which key, which secret.
UNREAD: Final = frozenset({"kind", "key", "secret", "digest", "version", "found_at"})
FIGURES: Final[dict[str, Callable[[Any], str]]] = {
    "size": numbers.size,
    "goal_value": lambda value: numbers.number(float(value)),
}


def unread(verb: str, key: str, value: Any) -> bool:
    """Whether a stored value is for the machine alone."""
    if key in CHOICES and isinstance(value, str) and value in CHOICES[key]:
        return False
    if key == "reason" and verb.startswith(("delivery.", "account.")):
        return True
    return key in UNREAD or tells_nothing(value)


def reading_order(key: str) -> tuple[int, str]:
    """Fields as `FIELDS` has them, others after; the database keeps them by length."""
    return (list(FIELDS).index(key) if key in FIELDS else len(FIELDS), key)


def field_label(key: str) -> str:
    return _(FIELDS[key]) if key in FIELDS else key.replace("_", " ").capitalize()


def value_label(key: str, value: Any, zone: tzinfo | None = None) -> str:
    """A stored value for a reader: yes and no in words, nothing as a dash, long text cut, a moment on `zone`'s clock."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value in CHOICES.get(key, ()):
        return _(CHOICES[key][value])
    if isinstance(value, list):
        return _(", ").join(value_label(key, one, zone) for one in value[:20])
    text = str(value)
    if MOMENT.match(text):
        return formats.date_time(datetime.fromisoformat(text), "medium", zone)
    if DAY.match(text):
        return formats.date(date.fromisoformat(text))
    if key in FIGURES:
        return FIGURES[key](value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def tells_nothing(value: Any) -> bool:
    """Whether a stored value is only the id of a row or a key of ours: kept in the record, of no use to a reader."""
    if isinstance(value, list):
        return bool(value) and all(tells_nothing(one) for one in value)
    return isinstance(value, str) and bool(ID.match(value) or KEY.match(value))
