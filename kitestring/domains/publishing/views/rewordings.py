"""What a delivery's page shows of changed words: each change, and who may still say something of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.sentences import sentence
from kitestring.domains.publishing.models import Delivery, Rewording, RewordingState
from kitestring.domains.publishing.models.rewording import OPEN
from kitestring.domains.publishing.queries.rewordings import (
    can_reword,
    live_words,
    rewordings_of,
    who_else_says_yes,
)
from kitestring.domains.publishing.rules.rewording import why_not_changed
from kitestring.domains.publishing.rules.telling import channel_name, manifest_of
from kitestring.domains.workspaces.doors import MemberRequest
from kitestring.domains.workspaces.permissions import may

CHIPS = {
    RewordingState.WAITING: "approval",
    RewordingState.ASKED: "sending",
    RewordingState.UNDER_WAY: "sending",
    RewordingState.DONE: "published",
    RewordingState.REFUSED: "failed",
    RewordingState.DECLINED: "changes",
    RewordingState.DROPPED: "cancelled",
}


@dataclass(frozen=True)
class Shown:
    """One change as its line shows it. `may_drop`, `may_decide`: by this reader, now; `others` says yes in their place."""

    row: Rewording
    chip: str
    word: str
    why_not: str
    may_drop: bool
    may_decide: bool
    others: str
    open: bool


def shown(request: MemberRequest, delivery: Delivery) -> list[Shown]:
    """Every change of this post's words, the newest first."""
    return [_shown(request, delivery, one) for one in rewordings_of(delivery)]


def _shown(request: MemberRequest, delivery: Delivery, one: Rewording) -> Shown:
    waits, member = one.state == RewordingState.WAITING, request.member
    gives = waits and may(member, "approval.give")
    others = who_else_says_yes(member, one) if gives else ""
    droppable = waits or (one.state == RewordingState.ASKED and not one.tries)
    return Shown(
        row=one,
        chip=CHIPS[RewordingState(one.state)],
        word=_word(one),
        why_not=why_not(delivery, one),
        may_drop=droppable and may(member, "delivery.schedule"),
        may_decide=gives and not others,
        others=others,
        open=one.state in OPEN,
    )


def _word(one: Rewording) -> str:
    return {
        RewordingState.WAITING: _("Waits for approval"),
        RewordingState.ASKED: _("Being changed"),
        RewordingState.UNDER_WAY: _("Being changed"),
        RewordingState.DONE: _("Changed"),
        RewordingState.REFUSED: _("Not changed"),
        RewordingState.DECLINED: _("Sent back"),
        RewordingState.DROPPED: _("Taken back"),
    }[RewordingState(one.state)]


def why_not(delivery: Delivery, one: Rewording) -> str:
    """Why the words are not changed (yet), in the reader's language; "" for no reason."""
    if not one.reason:
        return ""
    manifest = manifest_of(delivery.account.channel)
    own = why_not_changed(one.reason, ended=one.state == RewordingState.REFUSED)
    if own is None or (manifest is not None and one.reason in manifest.sentences):
        return sentence(one.reason, one.params, get_language() or "en", manifest)
    return str(own) % {"channel": channel_name(delivery.account.channel)}


def words_shown(request: MemberRequest, delivery: Delivery) -> dict[str, Any]:
    """For the delivery's page: may its words be changed, which are live, and every change of them."""
    changes = shown(request, delivery)
    return {
        "can_reword": can_reword(delivery) and not any(one.open for one in changes),
        "live": live_words(delivery),
        "rewordings": changes,
    }


def moves(page: dict[str, Any]) -> bool:
    """Whether a change has news soon."""
    return any(one.chip == "sending" for one in page["rewordings"])
