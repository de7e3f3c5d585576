"""Worker doors of the numbers: begin to watch what was published, read what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from procrastinate.contrib.django import app

from kitestring.domains.analytics.actions.read_account import read_account
from kitestring.domains.analytics.actions.read_numbers import read_numbers
from kitestring.domains.analytics.actions.watch import watch
from kitestring.domains.analytics.queries.accounts import accounts_due
from kitestring.domains.analytics.queries.samples import unwatched, watches_due
from kitestring.domains.channels.queries import account_at_work
from kitestring.domains.publishing.events import PostsPublished
from kitestring.domains.publishing.queries.deliveries import by_ids
from kitestring.kit.clock import now
from kitestring.kit.events import ids_in, subscribe
from kitestring.kit.jobs import enqueue

WATCH: Final = "analytics.watch"
READ: Final = "analytics.read"
READ_ACCOUNT: Final = "analytics.read_account"
subscribe(PostsPublished, WATCH)


@app.task(name=WATCH)
def posts_published(delivery_ids: str | Sequence[str] = (), **_rest: str) -> None:
    """Posts are live: their numbers will be read."""
    watch(delivery for delivery in by_ids(ids_in(delivery_ids)) if delivery.remote_id)


@app.task(name=READ)
def read_posts_of(account_id: str) -> None:
    """Read the due numbers of one account's posts."""
    account = account_at_work(account_id)
    if account is not None:
        read_numbers(account)


@app.task(name=READ_ACCOUNT)
def read_own_numbers(account_id: str) -> None:
    """Read the numbers of the account itself."""
    account = account_at_work(account_id)
    if account is not None:
        read_account(account)


@app.periodic(cron="* * * * * */15")
@app.task(name="analytics.round", queueing_lock="analytics.round")
def read_what_is_due(timestamp: int) -> None:
    """One job per account with due readings; also watches what an emptied queue forgot."""
    watch(unwatched())
    for account_id in {str(w.delivery.account_id) for w in watches_due(now())}:
        enqueue(READ, once=f"{READ}:{account_id}", account_id=account_id)
    for account in accounts_due(now()):
        enqueue(READ_ACCOUNT, once=f"{READ_ACCOUNT}:{account.pk}", account_id=str(account.pk))
