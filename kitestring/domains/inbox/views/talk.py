"""What the middle and the right of the inbox show: one conversation, its messages, the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.domains.channels.actions.tag import has_tags
from kitestring.domains.composing.rules import exemption_words
from kitestring.domains.inbox.actions.claim import may_claim
from kitestring.domains.inbox.actions.send_template import takes_templates
from kitestring.domains.inbox.actions.take_in import window_of
from kitestring.domains.inbox.models import Conversation, Direction, Message, Sort, Stance
from kitestring.domains.inbox.queries import (
    answers_to,
    earlier_with,
    last_incoming,
    last_with_address,
    replies_out,
    thread,
)
from kitestring.domains.inbox.queries.deeds import deeds_of, deeds_on
from kitestring.domains.inbox.queries.known import manifest_known
from kitestring.domains.inbox.queries.ruled import ruled_answer
from kitestring.domains.inbox.rules import left, same_words, window_closed
from kitestring.domains.inbox.views.claims import typed_claims
from kitestring.domains.inbox.views.deed_lines import Act, Line, acts_of, lines_of_deeds
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.workspaces.doors import MemberRequest
from kitestring.domains.workspaces.permissions import TABLE, may
from kitestring.domains.workspaces.queries import members_of
from kitestring.kit.clock import now
from kitestring.ui import formats

MOST_MESSAGES: Final = 200
LONGEST_SHOWN: Final = 5000
MOVING: Final = ("scheduled", "sending", "processing", "unknown")
ON_THE_WAY: Final = (DeliveryState.SENDING, DeliveryState.PROCESSING, DeliveryState.UNKNOWN)
CLOCKS_APART: Final = timedelta(minutes=2)
TAGS: Final = {"zh": "zh-Hans", "zh-hans": "zh-Hans"}


@dataclass(frozen=True)
class Said:
    """One message of the thread. `state`: that of our answer's delivery while it is not simply live; `sent`: it is.

    `exempt`: what was claimed against rules with it.
    """

    message: Message
    ours: bool
    text: str
    cut: bool
    lang: str
    day: str
    by: str
    state: str
    told: str
    delivery: str
    sent: bool
    exempt: Sequence[str] = ()
    acts: Sequence[Act] = ()
    deeds: Sequence[Line] = ()
    last: bool = False


def messages_of(request: MemberRequest, conversation: Conversation) -> list[Said]:
    """Oldest first; at most the newest 200. `day` is set where a new day begins, `last` on the newest of theirs."""
    newest = list(thread(conversation).reverse()[:MOST_MESSAGES])[::-1]
    ours = [m.pk for m in newest if m.direction == Direction.OUT and m.written_by_id]
    out = replies_out(request.member, ours) if ours else {}
    said: list[Said] = []
    before = None
    for message in _each_once(newest, out):
        day = formats.local(message.at).date()
        said.append(_said(message, out.get(message.pk), new_day=day != before))
        before = day
    return _with_deeds(request, conversation, said)


def _with_deeds(request: MemberRequest, talk: Conversation, said: list[Said]) -> list[Said]:
    """With what may be done with their words, and what was done."""
    may_do = deeds_on(talk.account, talk.sort) if may(request.member, "inbox.reply") else ()
    theirs = [s.message for s in said if not s.ours]
    asked = deeds_of(theirs)
    newest = theirs[-1].pk if theirs else None
    for place, one in enumerate(said):
        if not one.ours:
            done = asked.get(one.message.pk, [])
            said[place] = replace(
                one,
                acts=acts_of(one.message, may_do, done),
                deeds=lines_of_deeds(talk, done),
                last=one.message.pk == newest,
            )
    return said


def _said(message: Message, delivery: Delivery | None, *, new_day: bool) -> Said:
    state = state_of(delivery) if delivery else ""
    return Said(
        message=message,
        ours=message.direction == Direction.OUT,
        text=message.text[:LONGEST_SHOWN],
        cut=len(message.text) > LONGEST_SHOWN,
        lang=TAGS.get(message.language, message.language),
        day=formats.date(message.at, "long") if new_day else "",
        by=message.written_by.name if message.written_by else "",
        state=state,
        told=tell(delivery.reason, delivery.reason_params, delivery.account.channel)
        if delivery and state
        else "",
        delivery=str(delivery.pk) if delivery else "",
        sent=delivery is not None and delivery.state == DeliveryState.PUBLISHED,
        exempt=[exemption_words(one, get_language() or "en") for one in message.exemptions],
    )


def state_of(delivery: Delivery) -> str:
    """What to say of an answer's delivery; nothing once it is live. One that is due is going out, not waiting."""
    if delivery.state == DeliveryState.PUBLISHED:
        return ""
    going = delivery.state == DeliveryState.SCHEDULED and delivery.due_at <= now()
    return DeliveryState.SENDING if going else delivery.state


def _each_once(messages: Sequence[Message], out: Mapping[UUID, Delivery]) -> list[Message]:
    """Without what the channel shows of an answer that is still on its way from here: that one stands there already.

    Only of one that was tried, and only its own words: what a colleague answered on the channel is always shown.
    """
    on_the_way = [
        m
        for m in messages
        if not m.remote_id and m.pk in out and out[m.pk].attempts and out[m.pk].state in ON_THE_WAY
    ]
    return [m for m in messages if not any(_copy(m, ours) for ours in on_the_way)]


def _copy(message: Message, ours: Message) -> bool:
    """Whether `message` is what the channel made of `ours`, and not an answer written there."""
    if message.direction == Direction.IN or message.written_by_id:
        return False
    return (
        message.parent_remote_id == ours.parent_remote_id
        and message.at >= ours.at - CLOCKS_APART
        and same_words(message.text, ours.text)
    )


@dataclass(frozen=True)
class Box:
    """The reply box: whether an answer is taken now; if not, the sentence that says why and where a person can answer."""

    open: bool
    why: str
    answers: Message | None
    there: str = ""


def box_of(conversation: Conversation, manifest: Manifest | None) -> Box:
    box = _box(conversation, manifest)
    return box if box.open else replace(box, there=address_there(conversation))


def address_there(conversation: Conversation) -> str:
    """Where their newest word stands on the channel, else our post; "" where neither has an address."""
    theirs = last_with_address(conversation)
    if theirs is not None:
        return theirs.remote_url
    delivery = conversation.delivery
    return delivery.remote_url if delivery is not None else ""


def _box(conversation: Conversation, manifest: Manifest | None) -> Box:
    answered = last_incoming(conversation)
    language = get_language() or "en"
    if manifest is None:
        return Box(False, _("This channel’s connector is not installed any more; answer there."), answered)
    kind = answer_kind(conversation, manifest)
    if kind is None:
        return Box(False, _("This channel takes no answers from here; answer there."), answered)
    if conversation.account.state != "connected":
        return Box(False, _("The account is not connected. Connect it again, then answer."), answered)
    types = kind.account_types
    if types and conversation.account.account_type not in types:
        return Box(False, _("This type of account takes no answers from here; answer there."), answered)
    if answered is None:
        told = _("The channel takes no answer to this from a program. Open it there and answer by hand.")
        return Box(False, told, answered)
    window = window_of(conversation)
    if window and window_closed(
        answered.at, answers_to(conversation, answered), now(), window.hours, window.replies
    ):
        return Box(False, window.explains.in_(language), answered)
    return Box(True, "", answered)


def answer_kind(conversation: Conversation, manifest: Manifest | None) -> PublishKind | None:
    """How an answer here is sent: as a private message where the conversation is private, else under what it answers."""
    if manifest is None:
        return None
    return manifest.message if conversation.sort == Sort.MESSAGE else manifest.reply


def counted(conversation: Conversation, manifest: Manifest | None, text: str) -> dict[str, Any]:
    """The live count of an answer: how much of how much, and what is wrong."""
    kind = answer_kind(conversation, manifest)
    if kind is None:
        return {}
    found = measure(text, kind.text)
    problem = ""
    if found.over:
        problem = _("%(n)s too many for this channel.") % {"n": found.over}
    elif found.bytes_over:
        problem = _("%(n)s bytes too many for this channel.") % {"n": found.bytes_over}
    return {"count": found.count, "limit": found.limit, "problem": problem}


def rules_on(
    request: MemberRequest, conversation: Conversation, text: str, claims: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """The context of what rules say of the answer so far, with the exemptions typed beside it."""
    claimed = typed_claims(request.member, claims)
    found = ruled_answer(conversation, last_incoming(conversation), text, claimed, get_language() or "en")
    typed = {(one["rule"], one["words"]): one for one in claims}
    shown = [(one, typed.get((one.hit.rule, one.hit.words), {})) for one in found]
    return {"ruled": shown, "may_claim": may_claim(request.member, conversation)}


def talk_of(
    request: MemberRequest,
    conversation: Conversation,
    text: str = "",
    claims: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """The context of the thread and the person beside it. `text`, `claims`: what stands in the box already."""
    manifest = manifest_known(conversation.account)
    said = messages_of(request, conversation)
    since, by = conversation.owed_since, conversation.answer_by
    return {
        "talk": conversation,
        "said": said,
        "moving": any(s.state in MOVING or any(d.chip == "sending" for d in s.deeds) for s in said),
        "left": left(since, by, now()) if since and by else None,
        "box": box_of(conversation, manifest),
        "may_reply": may(request.member, "inbox.reply"),
        "templates": takes_templates(conversation),
        "text": text,
        **rules_on(request, conversation, text, claims),
        **counted(conversation, manifest, text),
    }


def person_of(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    """The context of the right column: the person, the post, earlier talks, who may take it."""
    delivery = conversation.delivery
    return {
        "stances": list(Stance.choices),
        "colleagues": [m for m in members_of(request.member) if m.role in TABLE["inbox.reply"]],
        "earlier": list(earlier_with(conversation)[:5]),
        "tagged": has_tags(conversation.account),
        "post": delivery.revision.post if delivery and delivery.revision else None,
    }
