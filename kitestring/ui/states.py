"""The look of every state: one word, one shape, one tone. Never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    """`shape` is a drawing of the sprite; `tone` a class of the chip; `asks` when someone is needed."""

    word: str | Promise
    shape: str
    tone: str = ""
    asks: bool = False


LOOKS: dict[str, Look] = {
    "draft": Look(_("Draft"), "draft"),
    "approval": Look(_("Waits for approval"), "approval", "wait", asks=True),
    "approved": Look(_("Approved"), "approved", "pub"),
    "changes": Look(_("Changes asked"), "needs", "unk", asks=True),
    "scheduled": Look(_("Scheduled"), "scheduled"),
    "held": Look(_("Held"), "held", "unk", asks=True),
    "sending": Look(_("Sending"), "sending"),
    "processing": Look(_("Being processed"), "sending"),
    "partly-out": Look(_("Partly out"), "sending"),
    "handoff": Look(_("Hand-off"), "handoff"),
    "handed-off": Look(_("Handed off"), "handoff", "wait", asks=True),
    "published": Look(_("Published"), "published", "pub"),
    "settled": Look(_("Published, settled"), "settled", "ok", asks=True),
    "unknown": Look(_("Unknown"), "unknown", "unk", asks=True),
    "failed": Look(_("Refused"), "failed", "bad", asks=True),
    "needs": Look(_("Needs you"), "needs", "unk", asks=True),
    "cancelled": Look(_("Cancelled"), "cancelled"),
    "withdrawn": Look(_("Withdrawn"), "cancelled"),
}
SAME = {
    "handed_off": "handed-off",
    "needs_attention": "needs",
    "refused": "failed",
    "waiting": "approval",
    "changes_requested": "changes",
}


def look(state: object) -> Look:
    """The look of a state named by its value; an unknown name is shown as written, with the draft's ring."""
    key = str(getattr(state, "value", state)).lower().replace(" ", "_")
    key = SAME.get(key, key.replace("_", "-"))
    return LOOKS.get(key) or Look(str(getattr(state, "label", state)), "draft")
