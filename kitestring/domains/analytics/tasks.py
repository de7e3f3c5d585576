"""Worker doors of the numbers: begin to watch what was published, read what is due."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from procrastinate.contrib.django import app

from kitestring.domains.analytics.actions.read_numbers import read_numbers
from kitestring.domains.analytics.actions.watch import watch
from kitestring.domains.analytics.queries.samples import unwatched, watches_due
from kitestring.domains.channels.queries import account_at_work
from kitestring.domains.publishing.events import DeliveryPublished
from kitestring.domains.publishing.models import DeliveryKind
from kitestring.domains.publishing.queries.deliveries import by_id
from kitestring.kit.clock import now
from kitestring.kit.events import subscribe
from kitestring.kit.jobs import enqueue

WATCH: Final = "analytics.watch"
READ: Final = "analytics.read"
subscribe(DeliveryPublished, WATCH)


@app.task(name=WATCH)
def post_published(delivery_id: str, kind: str, **_rest: str) -> None:
    """A post is live: its numbers will be read."""
    delivery = by_id(UUID(delivery_id)) if kind == DeliveryKind.VARIANT else None
    if delivery is not None and delivery.remote_id:
        watch(delivery)


@app.task(name=READ)
def read_account(account_id: str) -> None:
    """Read one account's due numbers."""
    account = account_at_work(account_id)
    if account is not None:
        read_numbers(account)


@app.periodic(cron="* * * * * */15")
@app.task(name="analytics.round", queueing_lock="analytics.round")
def read_what_is_due(timestamp: int) -> None:
    """One job per account with due readings; also watches what an emptied queue forgot."""
    for delivery in unwatched():
        watch(delivery)
    for account_id in {str(w.delivery.account_id) for w in watches_due(now())}:
        enqueue(READ, once=f"{READ}:{account_id}", account_id=account_id)
