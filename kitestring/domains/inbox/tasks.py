"""Worker doors of the inbox: fetch what came in, learn what became of our answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from procrastinate.contrib.django import app

from kitestring.connectorkit import registry
from kitestring.domains.channels.events import WordsAnnounced, WordsCame
from kitestring.domains.channels.queries import account_at_work, accounts_at_work, arrived
from kitestring.domains.inbox.actions.adopt_reply import adopt_reply
from kitestring.domains.inbox.actions.ask_deed import TASK as DEED
from kitestring.domains.inbox.actions.ask_deed import wake
from kitestring.domains.inbox.actions.collect import collect
from kitestring.domains.inbox.actions.do_deed import do_deed
from kitestring.domains.inbox.actions.recount import recount
from kitestring.domains.inbox.actions.take_arrivals import take_arrivals
from kitestring.domains.inbox.queries import message_of_reply, unadopted, uncounted
from kitestring.domains.inbox.queries.deeds import waiting_deeds
from kitestring.domains.inbox.rules import OFTEN, due_again, next_slot, rest_of
from kitestring.domains.publishing.events import RepliesChanged, RepliesPublished
from kitestring.domains.publishing.queries.deliveries import by_ids
from kitestring.kit.clock import now
from kitestring.kit.events import ids_in, subscribe
from kitestring.kit.jobs import enqueue

ADOPT: Final = "inbox.adopt_reply"
COLLECT: Final = "inbox.collect"
COUNT: Final = "inbox.count"
RECOUNT: Final = "inbox.recount"
RUNG: Final = "inbox.rung"
TAKE: Final = "inbox.take_arrivals"
subscribe(RepliesPublished, ADOPT)
subscribe(RepliesChanged, RECOUNT)
subscribe(WordsAnnounced, RUNG)
subscribe(WordsCame, TAKE)


@app.task(name=ADOPT)
def replies_published(delivery_ids: str | Sequence[str] = (), **_rest: str) -> None:
    """Our answers are live: keep their remote ids."""
    for delivery in by_ids(ids_in(delivery_ids)):
        adopt_reply(delivery.subject_id, delivery.remote_id, delivery.remote_url)


@app.task(name=RECOUNT)
def replies_changed(delivery_ids: str | Sequence[str] = (), **_rest: str) -> None:
    """Answers ended, or are wanted again: whether somebody is still waiting is worked out anew."""
    for delivery in by_ids(ids_in(delivery_ids)):
        ours = message_of_reply(delivery.subject_id)
        if ours is not None:
            recount(ours.conversation_id)


@app.task(name=COUNT)
def conversation_uncounted(conversation_id: str) -> None:
    """A conversation whose state was not worked out since its words came."""
    recount(UUID(conversation_id))


@app.task(name=TAKE)
def words_came(account_id: str) -> None:
    """What a channel's call brought is taken in."""
    take_arrivals(account_id)


@app.task(name=DEED)
def deed_asked(deed: str) -> None:
    """Hide, like, remove or let through what somebody asked for."""
    do_deed(UUID(deed))


@app.task(name=RUNG)
def words_announced(account_id: str, posts: Sequence[str] = ()) -> None:
    """A channel called about an account: it is asked now and not in its turn, once for as many calls as come in seconds.

    Where each post costs a call, only about the posts that were named; one that is not ours is asked about in no round.
    """
    account = accounts_at_work().filter(pk=account_id).first()
    connector = registry.connectors().get(account.channel) if account else None
    if connector is None or not connector.can("inbox"):
        return
    asking = connector.manifest.asking
    at = next_slot(now(), rest_of(asking))
    if asking is None or not asking.by_post:
        enqueue(COLLECT, at=at, once=f"{RUNG}:{account_id}", account_id=account_id)
        return
    for post in posts or [""]:
        about = [post] if post else []
        enqueue(COLLECT, at=at, once=f"{RUNG}:{account_id}:{post}", account_id=account_id, posts=about)


@app.task(name=COLLECT)
def collect_account(account_id: str, posts: Sequence[str] | None = None) -> None:
    """Ask one account's channel for news: of all that is due, or only of these posts and of what stands under none."""
    account = account_at_work(account_id)
    if account is not None:
        collect(account, posts)


@app.periodic(cron="* * * * * */20")
@app.task(name="inbox.round", queueing_lock="inbox.round")
def ask_everybody(timestamp: int) -> None:
    """One job per account whose channel has an inbox; one waiting at a time each. Also finds what the queue forgot.

    Only jobs are written here: whatever goes wrong with one account or one conversation stops nobody else's round.
    """
    for delivery in unadopted():
        enqueue(ADOPT, once=f"{ADOPT}:{delivery.pk}", delivery_ids=[str(delivery.pk)])
    for conversation_id in uncounted():
        enqueue(COUNT, once=f"{COUNT}:{conversation_id}", conversation_id=str(conversation_id))
    for deed_id in waiting_deeds():
        wake(deed_id)
    for account_id in arrived():
        enqueue(TAKE, once=f"{TAKE}:{account_id}", account_id=str(account_id))
    moment = now()
    for account in accounts_at_work():
        if account.channel not in registry.connectors() or not registry.get(account.channel).can("inbox"):
            continue
        asking = registry.get(account.channel).manifest.asking
        if due_again(account.inbox_asked_at, asking.every if asking else OFTEN, moment):
            enqueue(COLLECT, once=f"{COLLECT}:{account.pk}", account_id=str(account.pk))
