"""Takes in what a connector fetched: each message once, our own words never as news."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import DataError, transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming
from kitestring.connectorkit.manifest import ReplyWindow
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models import Contact, Conversation, Direction, Message, Sort
from kitestring.domains.inbox.queries import (
    contact_of,
    conversation_on,
    known_remote_ids,
    on_the_way,
    private_talk,
    thread,
    unsaid,
)
from kitestring.domains.inbox.queries.deeds import hidden_here
from kitestring.domains.inbox.rules import Entry, answer_by, is_unnamed, owed_since, snippet_of, unnamed
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.parts import own_parts
from kitestring.kit.clock import now
from kitestring.kit.text import clean, storable
from kitestring.language.identify import identify

LONGEST_ID: Final = 500
LONGEST_AUTHOR: Final = 255
TEXTS: Final = tuple(one.name for one in fields(Incoming) if one.type == "str")
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
CLOCKS_APART: Final = timedelta(minutes=10)
COUNTED: Final = ("owed_since", "answer_by", "closed_at", "snippet", "last_at", "counted_at")
log = logging.getLogger(__name__)


@transaction.atomic
def take_in(account: Account, messages: Iterable[Incoming], deliveries: dict[str, Delivery]) -> list[Message]:
    """Store what is new, oldest first; returns the fresh messages of other people.

    `deliveries` maps a post's remote id to its delivery. A message of our own that was written elsewhere (in the channel's
    own app) joins the conversation it answers, so that what it answered is no longer owed.
    The later parts of our own sequences are no messages.
    """
    batch = sorted((kept for kept in map(_kept_if_sound, messages) if kept), key=lambda m: m.at)
    known = known_remote_ids(account, [m.remote_id for m in batch])
    parts = own_parts(account, [m.remote_id for m in batch])
    fresh = []
    for incoming in batch:
        if incoming.remote_id in known or incoming.remote_id in parts:
            continue
        try:
            with transaction.atomic():
                stored = _stored(account, incoming, deliveries, known)
        except (DataError, OverflowError, TypeError, ValueError):
            log.exception("a message was left out: it cannot be kept")
            continue
        if stored is None:
            continue
        known[incoming.remote_id] = stored
        if stored.direction == Direction.IN:
            fresh.append(stored)
    return fresh


def _stored(
    account: Account, incoming: Incoming, deliveries: dict[str, Delivery], known: dict[str, Message]
) -> Message | None:
    stored = _own(account, incoming, known) if incoming.own else _theirs(account, incoming, deliveries)
    if stored is not None:
        refresh(stored.conversation)
    return stored


def _kept_if_sound(incoming: Incoming) -> Incoming | None:
    try:
        return _kept(incoming)
    except (AttributeError, TypeError, ValueError):
        log.exception("a message was left out: it is not of a message's parts")
        return None


def _kept(incoming: Incoming) -> Incoming | None:
    """The message as the database can hold it; None, with a word in the log, for one whose ids nobody could look up.

    One odd message must not keep the account's others out for ever. An address that is no web address is none.
    """
    texts: dict[str, Any] = {name: storable(getattr(incoming, name)) for name in TEXTS}
    ids = (texts["remote_id"], texts["parent_id"], texts["post_remote_id"], texts["thread"])
    if max(map(len, ids)) > LONGEST_ID or len(texts["author_id"]) > LONGEST_AUTHOR or not texts["remote_id"]:
        log.warning("a message was left out: its id cannot be kept (%s letters)", len(texts["remote_id"]))
        return None
    if not texts["url"].startswith(("https://", "http://")):
        texts["url"] = ""
    return replace(incoming, **texts, at=_moment(incoming.at))


def _moment(at: datetime) -> datetime:
    """When it was written, as far as that can be: not after now, and not before anybody wrote anything.

    A far-dated message would stand on top of every list for ever, and no clock could count from it.
    """
    told = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(told, EARLIEST), now() + CLOCKS_APART)


def _own(account: Account, incoming: Incoming, known: dict[str, Message]) -> Message | None:
    answered = known.get(incoming.parent_id) or known_remote_ids(account, [incoming.parent_id]).get(
        incoming.parent_id
    )
    talk = answered.conversation if answered else None
    if talk is None and incoming.kind == "message":
        talk = private_talk(account, incoming.thread)
    if talk is None:
        return None
    under = answered.remote_id if answered else ""
    return _written_here(talk, under, incoming) or _store(talk, incoming, Direction.OUT)


def _written_here(talk: Conversation, answered: str, incoming: Incoming) -> Message | None:
    """Our answer that the channel shows already while nobody told us that it arrived: the same one, not a second.

    Known by the id its delivery has, else by its words under the same message; where the channel does not say what a
    private message answers, in the same thread.
    """
    for ours, delivery in on_the_way(talk, answered):
        if delivery.remote_id == incoming.remote_id or _same(ours.text, incoming.text):
            ours.remote_id, ours.remote_url = incoming.remote_id, incoming.url[:1000]
            ours.save(update_fields=["remote_id", "remote_url"])
            return ours
    return None


def _same(one: str, other: str) -> bool:
    return clean(one).split() == clean(other).split()


def _theirs(account: Account, incoming: Incoming, deliveries: dict[str, Delivery]) -> Message:
    contact = contact_of(account, incoming.author_id)
    name = clean(incoming.author_name)[:255] or incoming.author_handle[:255] or unnamed(incoming.author_id)
    if contact is None:
        contact = Contact(
            brand_id=account.brand_id,
            channel=account.channel,
            remote_id=incoming.author_id,
            name=name,
            handle=incoming.author_handle[:255],
        )
        contact.save(force_insert=True)
    elif is_unnamed(contact.name, contact.remote_id) and contact.name != name:
        contact.name = name  # told at last
        contact.save(update_fields=["name"])
    place = incoming.thread if incoming.kind == "message" else incoming.post_remote_id
    conversation = conversation_on(account, contact, incoming.kind, place)
    if conversation is None:
        conversation = Conversation(
            brand_id=account.brand_id,
            account=account,
            contact=contact,
            delivery=deliveries.get(incoming.post_remote_id),
            sort=incoming.kind,
            post_remote_id=place,
            contact_name=name if incoming.author_name else contact.name,
            snippet="",
            last_at=incoming.at,
        )
        conversation.save(force_insert=True)
    elif (
        is_unnamed(conversation.contact_name, incoming.author_id)
        and conversation.contact_name != contact.name
    ):
        conversation.contact_name = contact.name
        conversation.save(update_fields=["contact_name"])
    return _store(conversation, incoming, Direction.IN)


def _store(conversation: Conversation, incoming: Incoming, direction: Direction) -> Message:
    text = clean(incoming.text)
    message = Message(
        conversation=conversation,
        account_id=conversation.account_id,
        direction=direction,
        remote_id=incoming.remote_id,
        parent_remote_id=incoming.parent_id,
        remote_url=incoming.url[:1000],
        text=text,
        language=identify(text)[:8],
        at=incoming.at,
        can_reply=incoming.can_reply,
        awaits_moderation=incoming.awaits_moderation,
        hidden=incoming.hidden,
    )
    message.save(force_insert=True)
    return message


def window_of(conversation: Conversation) -> ReplyWindow | None:
    """What the channel says about answering late or often; None: nothing."""
    manifest = registry.get(conversation.account.channel).manifest
    return manifest.message_window if conversation.sort == Sort.MESSAGE else manifest.reply_window


def refresh(conversation: Conversation) -> None:
    """Recompute what the list shows: what is owed, by when, the last words.

    An answer of ours that will not go out, or stands there no more, answers nobody and is not the last word. Nobody owes an
    answer to words that we removed or hid.
    """
    messages = list(thread(conversation))
    nothing = unsaid(messages)
    messages = [m for m in messages if m.pk not in nothing] or messages
    aside, hidden = conversation.closed_at, hidden_here(messages)
    since = owed_since(
        Entry(m.at, m.direction == Direction.OUT)
        for m in messages
        if m.removed_at is None and m.pk not in hidden and (aside is None or m.came_at > aside)
    )
    last = messages[-1]
    window = window_of(conversation)
    conversation.owed_since = since
    conversation.answer_by = (
        answer_by(since, conversation.brand.answer_within, window.hours if window else None)
        if since
        else None
    )
    conversation.closed_at = None if since else conversation.closed_at
    conversation.snippet = snippet_of(last.text)
    conversation.last_at = last.at
    conversation.counted_at = now()
    conversation.save(update_fields=COUNTED)
