"""How the record and the permission table are said to a reader: verbs, fields and values in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from kitestring.ui import formats, numbers

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d$")
KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+$")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

PERMISSIONS: Final[dict[str, str]] = {
    "workspace.read": N("See the workspace"),
    "workspace.change": N("Rename the workspace"),
    "workspace.pause": N("Pause and resume everything"),
    "member.invite": N("Invite people"),
    "member.change": N("Change roles, remove members"),
    "audit.read": N("Read the record of changes"),
    "brand.change": N("Add and change brands"),
    "account.connect": N("Connect and disconnect accounts"),
    "asset.add": N("Add files to the library"),
    "asset.change": N("Change the words and the crop of files"),
    "brief.write": N("Write briefs"),
    "brief.read": N("Read briefs"),
    "idea.add": N("Add ideas"),
    "idea.vote": N("Vote on ideas"),
    "idea.shortlist": N("Shortlist ideas"),
    "decision.make": N("Decide for ideas"),
    "campaign.change": N("Change campaigns"),
    "post.write": N("Write posts"),
    "post.read": N("Read posts"),
    "approval.ask": N("Ask for approval"),
    "approval.give": N("Approve posts"),
    "delivery.schedule": N("Schedule and publish"),
    "series.change": N("Make posts recurring, keep the evergreen stock"),
    "delivery.settle": N("Settle unclear deliveries"),
    "inbox.read": N("Read conversations"),
    "inbox.reply": N("Answer people"),
    "results.read": N("See results"),
    "results.type": N("Type numbers read in an app"),
    "report.make": N("Make, word and share reports"),
    "report.read": N("Read reports"),
    "report.sign": N("Sign reports"),
}
VERBS: Final[dict[str, str]] = {
    "workspace.open": N("opened the workspace"),
    "workspace.rename": N("renamed the workspace"),
    "workspace.pause": N("paused everything"),
    "workspace.resume": N("resumed"),
    "member.invite": N("invited a person"),
    "member.invite_again": N("made a new invitation link"),
    "member.revoke_invitation": N("revoked an invitation"),
    "member.join": N("joined"),
    "member.change_role": N("changed a role"),
    "member.remove": N("removed a member"),
    "member.change_own": N("changed own settings"),
    "brand.add": N("added a brand"),
    "brand.change": N("changed a brand"),
    "brand.archive": N("archived a brand"),
    "brand.pause": N("paused a brand"),
    "brand.resume": N("resumed a brand"),
    "brand.restore": N("brought back a brand"),
    "account.connect": N("connected an account"),
    "account.reconnect": N("connected an account again"),
    "account.disconnect": N("disconnected an account"),
    "account.rename": N("renamed an account"),
    "account.pause": N("paused an account"),
    "account.resume": N("resumed an account"),
    "account.app": N("changed the keys of an app"),
    "account.link": N("made a link by which somebody else agrees at a channel"),
    "account.unlink": N("ended a link by which somebody else agrees at a channel"),
    "account.limit": N("changed a limit of an account"),
    "account.menu": N("put a menu live at a conversation"),
    "account.menu_off": N("took a menu off a conversation"),
    "account.tag": N("made or renamed a tag on an account"),
    "account.untag": N("dropped a tag of an account"),
    "account.tag_person": N("changed which tags a person has"),
    "account.hook": N("made an address for calls from the channel"),
    "account.unhook": N("closed the address for calls from the channel"),
    "account.apphook": N("made an address for calls to an app"),
    "account.appunhook": N("closed the address for calls to an app"),
    "account.renew": N("renewed a grant"),
    "account.expire": N("found that a grant had ended"),
    "account.ends": N("was told that a grant will not be renewed"),
    "asset.add": N("added a file"),
    "asset.change": N("changed the words or the crop of a file"),
    "brief.write": N("wrote a brief"),
    "brief.save": N("changed a brief"),
    "idea.add": N("added ideas"),
    "idea.shortlist": N("changed the shortlist"),
    "decision.make": N("decided"),
    "campaign.change": N("changed a campaign"),
    "post.write": N("wrote a post"),
    "post.restore": N("brought back an earlier revision"),
    "post.exempt": N("claimed an exemption from a rule"),
    "post.unexempt": N("took back an exemption"),
    "approval.ask": N("asked for approval"),
    "approval.give": N("answered a request for approval"),
    "approval.void": N("voided an approval"),
    "delivery.schedule": N("scheduled a delivery"),
    "delivery.withdraw": N("took a post back"),
    "delivery.ask": N("put a delivery before a person"),
    "delivery.reword": N("asked to change the words of a live post"),
    "delivery.reword_approve": N("approved changed words of a live post"),
    "delivery.reword_decline": N("sent changed words of a live post back"),
    "delivery.reword_drop": N("took a change of words back"),
    "delivery.reworded": N("told the channel the changed words"),
    "delivery.correct": N("corrected the address of a live post"),
    "delivery.cancel": N("cancelled a delivery"),
    "delivery.give_up": N("gave a delivery up"),
    "delivery.leave": N("left a sequence as it is"),
    "delivery.hold": N("held a delivery"),
    "delivery.look": N("had it looked up on the channel"),
    "delivery.move": N("moved a delivery to another hour"),
    "delivery.prove": N("said that a post is live"),
    "delivery.put_back": N("put a skipped time back"),
    "delivery.release": N("released a delivery"),
    "delivery.requeue": N("sent a refused post again"),
    "delivery.send_again": N("had a post sent again"),
    "delivery.settle": N("settled an unclear delivery"),
    "delivery.phone": N("did this by the link on a phone"),
    "delivery.take": N("took a hand-off on their phone"),
    "delivery.take_back": N("took a hand-off back"),
    "series.start": N("made a post recurring"),
    "series.change": N("changed how a post recurs"),
    "series.pause": N("paused a recurring post"),
    "series.resume": N("resumed a recurring post"),
    "series.stop": N("stopped a recurring post"),
    "series.apart": N("changed how far apart an account’s posts lie"),
    "series.slots": N("changed an account’s evergreen slots"),
    "evergreen.keep": N("put a post into the evergreen stock"),
    "evergreen.drop": N("took a post out of the evergreen stock"),
    "results.type": N("typed numbers read in the app"),
    "report.make": N("made a report"),
    "report.sign": N("signed a report"),
    "report.answer": N("answered a report"),
    "report.open_link": N("opened the live link of a report"),
    "report.close_link": N("closed the live link of a report"),
    "report.print": N("printed a report again"),
    "report.make_anew": N("updated the numbers of a report"),
    "report.word": N("worded a line of a report"),
    "report.arrange": N("put a report’s findings in another order"),
    "report.leave_out": N("left a finding out of a report"),
    "report.put_back": N("put a finding back into a report"),
    "report.keep_words": N("kept the words over changed numbers in a report"),
    "report.share": N("shared a report"),
    "inbox.reply": N("answered a person"),
    "inbox.template": N("sent a template to a person"),
    "inbox.assign": N("assigned a conversation"),
    "inbox.set_aside": N("set a conversation aside"),
    "inbox.take_back": N("took a conversation back"),
    "inbox.stance": N("changed a person’s stance"),
    "inbox.hide": N("asked to hide somebody’s words"),
    "inbox.show": N("asked to show somebody’s words again"),
    "inbox.like": N("asked to like somebody’s words"),
    "inbox.unlike": N("asked to take a like back"),
    "inbox.remove": N("asked to remove somebody’s words"),
    "inbox.approve": N("asked to let somebody’s words through"),
    "inbox.drop": N("took back what was asked for"),
    "inbox.deed": N("told the channel what to do with somebody’s words"),
}
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


def permission_label(key: str) -> str:
    return _(PERMISSIONS[key])


def verb_label(verb: str) -> str:
    """What was done, in words; a verb nobody has described is shown as written."""
    return _(VERBS[verb]) if verb in VERBS else verb.replace(".", ": ").replace("_", " ")


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


def people(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    shown = _(", ").join(names[:most])
    if len(names) <= most:
        return shown
    return _("%(names)s and %(n)s more") % {"names": shown, "n": len(names) - most}
