"""What people said comes in as always, and what we answered then is on the platform and in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Message, Stance
from kitestring.domains.publishing.models import Attempt, Delivery, DeliveryKind, DeliveryState
from kitestring.sandbox.audience.people import people
from kitestring.sandbox.seed.desk import Desk, read_world
from kitestring.sandbox.seed.history import Past
from kitestring.sandbox.seed.queries import (
    backdate,
    close_all,
    contacts_named,
    date_contacts,
    insert,
    messages_by_remote_id,
    owed_conversations,
)
from kitestring.sandbox.seed.sending import publish_then, published

FRESH = timedelta(hours=5)  # younger than this is still owed
PAGES = 60


def write_talks(desk: Desk, past: Past) -> None:
    """Fetch, answer as it was answered then, take in; what needed no answer is set aside."""
    for (brand, channel), (account, _) in desk.accounts.items():
        live = past.live.get(account.pk, [])
        if not live or registry.get(channel).inbox is None:
            continue
        messages, cursor = fetch_all(account, [d.remote_id for d in live])
        answers, deliveries = _answer(desk, brand, account, messages)
        backdate(account, inbox_cursor=cursor)
        take_in(account, [*messages, *answers], {d.remote_id: d for d in live})
        _own(desk, brand, account, deliveries)
        close_all([c for c in owed_conversations(account) if not _still_owed(desk, c.owed_since)], desk.at)
    for brand_row in desk.house.brands.values():
        date_contacts(brand_row.pk)
    _stances()


def fetch_all(account: Account, posts: list[str]) -> tuple[list[Incoming], str]:
    """Every message under the posts, and the cursor to go on with."""
    inbox = registry.get(account.channel).inbox
    found: dict[str, Incoming] = {}
    cursor = ""
    if inbox is None:
        return [], cursor
    for _ in range(PAGES):

        async def ask(session: Session, reached: str = cursor) -> tuple[list[Incoming], str]:
            page = await inbox.fetch(session, posts, reached)
            return list(page.messages), page.cursor

        messages, after = talk(account, ask)
        fresh = [m for m in messages if m.remote_id not in found]
        found |= {m.remote_id: m for m in fresh}
        # Some channels hand out what was said together with their own notes: only two empty pages are the end.
        if not fresh and after == cursor:
            break
        cursor = after
    return list(found.values()), cursor


def _still_owed(desk: Desk, since: datetime | None) -> bool:
    return since is not None and desk.at - since < FRESH


def _answer(
    desk: Desk, brand: str, account: Account, messages: list[Incoming]
) -> tuple[list[Incoming], dict[str, Delivery]]:
    """Answers to what was asked more than some hours ago, live on the channel; their deliveries by remote id."""
    words = {
        question: answer
        for lines in read_world("replies.toml").values()
        for question, answer in lines.items()
    }
    one, ours, made = desk.channels[account.channel], list[Incoming](), dict[str, Delivery]()
    answered: set[str] = set()
    for message in sorted(messages, key=lambda m: m.at):
        answer = words.get(message.text.strip())
        if message.own or answer is None or not message.can_reply or message.remote_id in answered:
            continue
        at = message.at + timedelta(minutes=4 + Random(message.remote_id).expovariate(1 / 22))
        if desk.at - message.at < FRESH or at > desk.at:
            continue
        delivery = Delivery(
            account=account,
            kind=DeliveryKind.REPLY,
            subject_id=account.pk,  # until the message it stands for is stored
            publish_kind="reply",
            payload={"text": answer, "reply_to": message.remote_id, "root": message.post_remote_id},
            due_at=at,
            stamp=at,
            made_by=desk.member("quan" if brand == "hien" else "zhou"),
            made_at=at,
            changed_at=at,
        )
        there = publish_then(one, account, delivery, at)
        delivery.remote_id, delivery.remote_url = there.remote_id, there.url[:1000]
        made[there.remote_id] = delivery
        answered.add(message.remote_id)
        ours.append(
            Incoming(
                there.remote_id, message.post_remote_id, "us", account.name, answer, at,
                parent_id=message.remote_id, own=True, can_reply=False,
            )
        )  # fmt: skip
    return ours, made


def _own(desk: Desk, brand: str, account: Account, deliveries: dict[str, Delivery]) -> None:
    """Our answers were written by a member and sent by the ledger."""
    stored = messages_by_remote_id(account, deliveries)
    rows: list[Delivery] = []
    tries: list[Attempt] = []
    for remote_id, delivery in deliveries.items():
        message: Message | None = stored.get(remote_id)
        if message is None:
            continue
        backdate(message, written_by=delivery.made_by, came_at=message.at, remote_url=delivery.remote_url)
        delivery.subject_id = message.pk
        at, remote, url = delivery.due_at, delivery.remote_id, delivery.remote_url
        tries.append(_sent(delivery, at))
        delivery.remote_id, delivery.remote_url = remote, url
        rows.append(delivery)
    insert(rows)
    insert(tries)


def _sent(delivery: Delivery, at: datetime) -> Attempt:
    delivery.state = DeliveryState.PUBLISHED
    delivery.attempts, delivery.published_at, delivery.counted_at = 1, at + timedelta(seconds=1), at
    return Attempt(
        delivery=delivery, number=1, step="publish", started_at=at, ended_at=at, outcome="published"
    )


def _stances() -> None:
    """What the team has written down about the people it knows."""
    known = {p.name: p.stance for language in ("vi", "zh", "en") for p in people(language)}
    for contact in contacts_named(known):
        stance = known[contact.name]
        if stance in Stance.values:
            backdate(contact, stance=stance)


__all__ = ["fetch_all", "published", "write_talks"]
