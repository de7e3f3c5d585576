"""What stands under a message of theirs: what may be done with it, and what was done, by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.sentences import sentence
from kitestring.domains.channels.models import AccountState
from kitestring.domains.inbox.models import Conversation, Deed, DeedKind, DeedState, Message
from kitestring.domains.inbox.models.deed import OPEN, THROUGH_PAUSES, UNDONE
from kitestring.domains.inbox.queries.deeds import offered, stands
from kitestring.domains.inbox.rules import DEEDS, deed_reason
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name, channel_name

MOST: Final = 4  # the newest lines of a message; the record of changes has all
ICONS: Final = {
    (DeedKind.HIDE, True): "eye-off",
    (DeedKind.HIDE, False): "eye",
    (DeedKind.LIKE, True): "heart",
    (DeedKind.LIKE, False): "heart-off",
    (DeedKind.REMOVE, True): "trash-2",
    (DeedKind.APPROVE, True): "check-check",
}
KEYS: Final = {DeedKind.HIDE: "h", DeedKind.LIKE: "l", DeedKind.REMOVE: "x", DeedKind.APPROVE: "a"}


@dataclass(frozen=True)
class Act:
    """A button. `asks`: its address shows what it would do first."""

    kind: str
    label: str
    icon: str
    key: str
    url: str
    asks: bool


@dataclass(frozen=True)
class Line:
    """One deed as it went. `chip`: the state where it is not simply done; `reconnect`: that would cure it."""

    text: str
    chip: str
    told: str
    said: str
    reconnect: bool


def acts_of(message: Message, deeds: Sequence[DeedKind], asked: Sequence[Deed]) -> list[Act]:
    """The buttons under a message; while a deed is open it has none but its contrary, where there is one."""
    waiting = {deed.kind: deed for deed in asked if deed.state in OPEN}
    found = []
    for kind in offered(message, deeds):
        present = waiting.get(kind)
        on = not (present.on if present else stands(message, kind) and kind in UNDONE)
        if present and (kind not in UNDONE or present.state == DeedState.UNDER_WAY):
            continue
        found.append(_act(message, kind, on))
    return found


def _act(message: Message, kind: DeedKind, on: bool) -> Act:
    asks = kind == DeedKind.REMOVE
    url = reverse("inbox:remove", args=[message.pk]) if asks else _address(message, kind, on)
    return Act(kind, str(DEEDS[kind, on].button), ICONS[kind, on], KEYS[kind], url, asks)


def _address(message: Message, kind: str, on: bool) -> str:
    return reverse("inbox:deed", args=[message.pk, kind, "on" if on else "off"])


def lines_of_deeds(talk: Conversation, asked: Sequence[Deed]) -> list[Line]:
    """The newest deeds, oldest first; what was taken back before it was done left no trace there."""
    shown = [deed for deed in asked if deed.state != DeedState.DROPPED][-MOST:]
    newest = {deed.kind: deed.pk for deed in shown}
    return [_line(talk, deed, newest[deed.kind] == deed.pk) for deed in shown]


def _line(talk: Conversation, deed: Deed, newest: bool) -> Line:
    words = DEEDS[deed.kind, deed.on]
    name = deed.asked_by.name if deed.asked_by else _("somebody who has left")
    when = date_time(deed.ended_at or deed.asked_at)
    if deed.state == DeedState.DONE:
        return Line(f"{words.done % {'name': name}} · {when}", "", "", "", False)
    asked = _("asked by %(name)s") % {"name": name}
    if deed.state == DeedState.ASKED and (paused := waits_for(talk, deed)):
        return Line(f"{words.doing} · {asked}", "held", paused, "", False)
    if deed.state != DeedState.REFUSED:
        return Line(f"{words.doing} · {asked}", "sending", why(talk, deed), "", False)
    ended = talk.account.state != AccountState.CONNECTED
    text = f"{words.refused} · {asked}, {when}"
    return Line(text, "failed", why(talk, deed), deed.said[:300], ended and newest)


def waits_for(talk: Conversation, deed: Deed) -> str:
    """The pause that keeps it; "" for none."""
    if deed.kind in THROUGH_PAUSES:
        return ""
    account = talk.account
    if account.workspace.paused_at is not None:
        return _("Everything is paused: it is done once that is resumed.")
    for one, name in ((account.brand, account.brand.name), (account, account_name(account))):
        if one.paused_at is not None:
            return _("%(name)s is paused: it is done once that is resumed.") % {"name": name}
    return ""


def why(talk: Conversation, deed: Deed) -> str:
    """Why it is not done (yet), in the reader's language; "" for no reason."""
    if not deed.reason:
        return ""
    manifest = manifest_of(talk.account.channel)
    own = deed_reason(deed.reason, ended=deed.state == DeedState.REFUSED)
    if own is None or (manifest is not None and deed.reason in manifest.sentences):
        return sentence(deed.reason, deed.params, get_language() or "en", manifest)
    return str(own) % {"channel": channel_name(talk.account)}
