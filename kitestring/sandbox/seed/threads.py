"""Conversations of the past in bulk: the same rows as taking messages in one by one, dated when they were said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.models import Contact, Conversation, Direction, Message
from kitestring.domains.inbox.rules import SNIPPET, Entry, answer_by, owed_since
from kitestring.domains.publishing.models import Delivery
from kitestring.language.identify import identify
from kitestring.sandbox.seed.queries import insert

ASIDE_AFTER = timedelta(minutes=35)


class Threads:
    """One account's conversations, gathered and then written by `write`. `stance_of` knows people by name."""

    def __init__(self, account: Account, live: dict[str, Delivery], stance_of: Callable[[str], str]) -> None:
        self.account = account
        self.live = live
        self.stance_of = stance_of
        self.contacts: dict[str, Contact] = {}
        self.conversations: dict[tuple[str, str], Conversation] = {}
        self.messages: dict[str, Message] = {}

    def take(self, incoming: Iterable[Incoming]) -> None:
        """Messages of other people, in any order."""
        for one in sorted(incoming, key=lambda m: m.at):
            conversation = self._conversation(one, self._contact(one))
            self.messages[one.remote_id] = self._message(conversation, one, Direction.IN)

    def answer(self, ours: Incoming, delivery: Delivery) -> None:
        """Our answer to a message that was taken; its delivery stands for it from now on."""
        conversation = self.messages[ours.parent_id].conversation
        message = self._message(conversation, ours, Direction.OUT)
        message.written_by = delivery.made_by
        message.remote_url = delivery.remote_url
        delivery.subject_id = message.pk
        self.messages[ours.remote_id] = message

    def write(self, still_owed: Callable[[list[Message], datetime], bool]) -> None:
        """Store everything. What is owed but, says `still_owed`, was not left so, was set aside soon after."""
        by_conversation: dict[Any, list[Message]] = {}
        for message in self.messages.values():
            by_conversation.setdefault(message.conversation_id, []).append(message)
        for conversation in self.conversations.values():
            thread = sorted(by_conversation[conversation.pk], key=lambda m: m.at)
            self._close(conversation, thread, still_owed)
        insert(list(self.contacts.values()))
        insert(list(self.conversations.values()))
        insert(list(self.messages.values()))

    def _close(
        self,
        conversation: Conversation,
        thread: list[Message],
        still_owed: Callable[[list[Message], datetime], bool],
    ) -> None:
        last = thread[-1]
        conversation.snippet, conversation.last_at = " ".join(last.text.split())[:SNIPPET], last.at
        since = owed_since(Entry(m.at, m.direction == Direction.OUT) for m in thread)
        if since is None:
            return
        if not still_owed(thread, since):
            conversation.closed_at = last.at + ASIDE_AFTER
            return
        window = registry.get(self.account.channel).manifest.reply_window
        conversation.owed_since = since
        conversation.answer_by = answer_by(
            since, self.account.brand.answer_within, window.hours if window else None
        )

    def _contact(self, one: Incoming) -> Contact:
        if one.author_id not in self.contacts:
            name = one.author_name or one.author_handle or one.author_id
            self.contacts[one.author_id] = Contact(
                brand_id=self.account.brand_id,
                channel=self.account.channel,
                remote_id=one.author_id,
                name=name[:255],
                handle=one.author_handle[:255],
                stance=self.stance_of(name),
                first_seen_at=one.at,
            )
        return self.contacts[one.author_id]

    def _conversation(self, one: Incoming, contact: Contact) -> Conversation:
        key = one.author_id, one.post_remote_id
        if key not in self.conversations:
            self.conversations[key] = Conversation(
                brand_id=self.account.brand_id,
                account=self.account,
                contact=contact,
                delivery=self.live.get(one.post_remote_id),
                post_remote_id=one.post_remote_id,
                contact_name=contact.name,
                snippet="",
                last_at=one.at,
            )
        return self.conversations[key]

    def _message(self, conversation: Conversation, one: Incoming, direction: Direction) -> Message:
        return Message(
            conversation=conversation,
            account=self.account,
            direction=direction,
            remote_id=one.remote_id,
            parent_remote_id=one.parent_id,
            remote_url=one.url[:1000],
            text=one.text,
            language=identify(one.text)[:8],
            at=one.at,
            came_at=one.at + timedelta(seconds=20),
            can_reply=one.can_reply,
            awaits_moderation=one.awaits_moderation,
        )
