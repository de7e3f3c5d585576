"""What people said comes in as always, and what we answered then is on the platform and in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.inbox.models import Message, Stance
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.sandbox.audience.crowd import memory
from kitestring.sandbox.audience.people import people
from kitestring.sandbox.seed.desk import Desk, read_world
from kitestring.sandbox.seed.history import Past
from kitestring.sandbox.seed.queries import backdate, insert
from kitestring.sandbox.seed.sending import attempt, publish_then
from kitestring.sandbox.seed.threads import Threads

FRESH = timedelta(hours=5)  # younger than this is still owed
PAGES = 60
TALKED_ABOUT = timedelta(days=60)  # what was said before is on the channels, but was not written down here


def write_talks(desk: Desk, past: Past) -> None:
    """Fetch, answer as it was answered then, write down; what needed no answer was set aside."""
    stances = {p.name: p.stance for language in ("vi", "zh", "en") for p in people(language)}
    questions = {question for lines in read_world("replies.toml").values() for question in lines}

    def still_owed(thread: list[Message], since: datetime) -> bool:
        return desk.at - since < FRESH and thread[-1].text in questions

    for (brand, channel), (account, _) in desk.accounts.items():
        live = [d for d in past.live.get(account.pk, []) if desk.at - d.due_at < TALKED_ABOUT]
        if not live or registry.get(channel).inbox is None:
            continue
        messages, cursor = fetch_all(account, [d.remote_id for d in live])
        answers, deliveries = _answer(desk, brand, account, messages)
        backdate(account, inbox_cursor=cursor)
        threads = Threads(
            account, {d.remote_id: d for d in live}, lambda name: stances.get(name, Stance.UNKNOWN)
        )
        threads.take([m for m in messages if not m.own])
        for ours in answers:
            threads.answer(ours, deliveries[ours.remote_id])
        threads.write(still_owed)
        _ledger(deliveries)
        # Who was answered weeks ago does not thank for it now.
        memory(desk.channels[channel])["heard"] += list(deliveries)


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


def _answer(
    desk: Desk, brand: str, account: Account, messages: list[Incoming]
) -> tuple[list[Incoming], dict[str, Delivery]]:
    """Answers to what was asked more than some hours ago, live on the channel; their deliveries by remote id."""
    words = {
        question: answer
        for lines in read_world("replies.toml").values()
        for question, answer in lines.items()
    }
    owed: dict[str, tuple[Incoming, Delivery]] = {}
    for message in sorted(messages, key=lambda m: m.at):
        answer = words.get(message.text.strip())
        if message.own or answer is None or not message.can_reply or message.remote_id in owed:
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
        owed[message.remote_id] = message, delivery
    ours, made = list[Incoming](), dict[str, Delivery]()
    live = publish_then(desk.channels[account.channel], account, [delivery for _, delivery in owed.values()])
    for (message, delivery), there in zip(owed.values(), live, strict=True):
        delivery.remote_id, delivery.remote_url = there.remote_id, there.url[:1000]
        made[there.remote_id] = delivery
        ours.append(
            Incoming(
                there.remote_id, message.post_remote_id, "us", account.name, delivery.payload["text"], delivery.due_at,
                parent_id=message.remote_id, own=True, can_reply=False,
            )
        )  # fmt: skip
    return ours, made


def _ledger(deliveries: dict[str, Delivery]) -> None:
    """Our answers were sent by the ledger, once each."""
    tries = []
    for delivery in deliveries.values():
        at = delivery.due_at
        delivery.state, delivery.attempts = DeliveryState.PUBLISHED, 1
        delivery.published_at, delivery.counted_at = at + timedelta(seconds=1), at
        tries.append(attempt(delivery, at, DeliveryState.PUBLISHED))
    insert(list(deliveries.values()))
    insert(tries)
