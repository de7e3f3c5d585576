"""Three months that went out: every post through its connector, then the audience's reactions up to now."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Published
from kitestring.connectorkit.emulation import Item
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Attempt, Delivery, DeliveryState
from kitestring.sandbox.audience.crowd import memory
from kitestring.sandbox.audience.plan import Said, grown
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.seed.desk import Desk, read_world
from kitestring.sandbox.seed.posts import past_post
from kitestring.sandbox.seed.queries import insert
from kitestring.sandbox.seed.sending import attempt, publish_then, published

RECENT = timedelta(hours=60)  # soon after midnight, two days hold few posts: the inbox would be nearly empty


@dataclass
class Past:
    """What was written: live deliveries by account, and what was said under each (by remote id)."""

    live: dict[Any, list[Delivery]] = field(default_factory=dict)
    said: dict[str, list[tuple[Said, Item]]] = field(default_factory=dict)

    def add(self, delivery: Delivery) -> None:
        self.live.setdefault(delivery.account_id, []).append(delivery)


def write_history(desk: Desk) -> Past:
    """Everything of the files posts_<brand>.toml, the oldest first."""
    past = Past()
    deliveries: list[Delivery] = []
    attempts: list[Attempt] = []
    for brand in desk.house.brands:
        for entry in read_world(f"posts_{brand}.toml")["past"]:
            due = desk.hour(brand, entry)
            for delivery in past_post(desk, brand, entry, due).deliveries:
                attempts.append(send(desk, brand, entry, delivery, past))
                deliveries.append(delivery)
    insert(deliveries)
    insert(attempts)
    return past


def send(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> Attempt:
    """Bring one delivery out at its hour and let the audience react. The delivery is filled, not stored."""
    account, presence = desk.accounts[brand, delivery.account.channel]
    if registry.get(account.channel).manifest.mode == "hand_off":
        return _by_hand(delivery)
    one = desk.channels[account.channel]
    (there,) = publish_then(one, account, [delivery])
    made = published(delivery, there, delivery.due_at)
    past.add(delivery)
    item = one.platform.items[there.remote_id]
    memory(one)["followers"][item.author] = presence.followers
    memory(one)["lifts"][item.id] = entry.get("lift") or _calm(item)
    past.said[there.remote_id] = react(desk, one, item)
    return made


def _calm(item: Item) -> float:
    """The past has one hit a brand; everything else did about what it usually does."""
    return math.exp(Random(sha256(item.text.encode()).hexdigest()).gauss(0, 0.3))


def _by_hand(delivery: Delivery) -> Attempt:
    """A person published it in the app and pasted its address."""
    number = sha256(delivery.key.bytes).hexdigest()[:24]
    done = delivery.due_at + timedelta(minutes=7)
    url = f"https://www.xiaohongshu.com/explore/{number}"
    made = published(delivery, Published("", url), done)
    delivery.carried_by = delivery.made_by
    made.step = "person"
    made.reason_params = {"member": delivery.made_by.name if delivery.made_by else ""}
    return made


def react(desk: Desk, one: Emulated, item: Item) -> list[tuple[Said, Item]]:
    """Counts and words as they stand now, by the same plan that the running audience goes on with."""
    plan, at = desk.crowd.plan(one, item), desk.at
    made = datetime.fromisoformat(item.at)
    age = at - made
    for key, total in plan.totals.items():
        if number := grown(total, age):
            one.platform.count(item.id, key, number)
    chance, heard = Random(item.id), list[tuple[Said, Item]]()
    for said in plan.said:
        if said.after > age:
            break
        moment = made + said.after
        if age < RECENT and said.meaning in ("question", "complaint", "partner"):
            moment = max(moment, at - timedelta(minutes=chance.uniform(8, 260)))
        comment = one.platform.comment(item.id, said.person.id, said.person.name, said.text, at=moment)
        heard.append((said, comment))
    memory(one)["told"][item.id] = len(heard)
    one.changed = True
    return heard


def account_of(desk: Desk, delivery: Delivery) -> Account:
    return next(a for a, _ in desk.accounts.values() if a.pk == delivery.account_id)


def withdraw_one(desk: Desk, past: Past, account: Account) -> None:
    """One old post was taken down by us a day later."""
    delivery = past.live[account.pk].pop(2)
    at = delivery.due_at + timedelta(days=1)
    desk.channels[account.channel].platform.remove(delivery.remote_id)
    insert([attempt(delivery, at, DeliveryState.WITHDRAWN, number=2, step="withdraw")])
    delivery.state, delivery.changed_at = DeliveryState.WITHDRAWN, at
    delivery.save(update_fields=["state", "changed_at"])
