"""What lies on the table of one case: deliveries on one account or several, what people did, and what must be true of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from PIL import Image

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.rules.sequence import key_of, parts_of
from kitestring.kit import clock
from tests.chaos.house import House
from tests.chaos.sea.platform import SEA
from tests.chaos.sequences import in_parts

# How many deliveries, and on which of the case's accounts each.
CARGO: Final[dict[str, tuple[int, ...]]] = {
    "one": (0,),
    "a line": (0, 0, 0),
    "two lines": (0, 1, 0, 1),
    "a picture": (0,),
    "a sequence": (0,),
    "a sequence in a line": (0, 0, 0),
}
# Which of them are sequences: a head, two parts and a comment.
SEQUENCES: Final[dict[str, tuple[int, ...]]] = {"a sequence": (0,), "a sequence in a line": (0, 2)}
AT_REST: Final = frozenset({"published", "needs_attention", "failed", "held", "cancelled"})
SHOWN: Final = frozenset({"needs_attention", "failed", "held"})  # what Today's list puts before a person
WRONG: Final = ("doubled", "lost", "denied", "stuck", "disobeyed", "disordered", "torn")


@dataclass(frozen=True)
class Fate:
    """What became of one delivery. `copies`: of a sequence those of its parts, added up. `wrong`: the promises it broke."""

    state: str
    reason: str
    copies: int
    wrong: tuple[str, ...] = ()


@dataclass
class Scene:
    """`nothing_before`, `nothing_after`: by key, when a person said that nothing of it may leave (seconds of the timeline);
    `paused`: from when, until when, and what was in the air as it began. `cancelled`: where a person did it.
    """

    house: House
    deliveries: list[Delivery]
    cancelled: set[UUID] = field(default_factory=set)
    nothing_after: dict[str, float] = field(default_factory=dict)
    nothing_before: dict[str, float] = field(default_factory=dict)
    paused: list[tuple[float, float, frozenset[str]]] = field(default_factory=list)
    clocks_set: bool = False

    def at_rest(self) -> bool:
        for delivery in self.deliveries:
            delivery.refresh_from_db()
        return not self.house.later and all(one.state in AT_REST for one in self.deliveries)

    def fates(self) -> list[Fate]:
        """As it is now, each judged."""
        world = self.house.world
        told = list(needing(world.owner, world.brand).values_list("pk", flat=True))
        return [
            Fate(d.state, d.reason, sum(copies_of(d)), tuple(self._wrong(d, told.count(d.pk))))
            for d in self.deliveries
        ]

    def _wrong(self, delivery: Delivery, told: int) -> list[str]:
        copies, keys = copies_of(delivery), keys_of(delivery)
        out = out_of(delivery)
        found = {
            "doubled": max(copies) > 1,
            "lost": 0 in copies[:out]
            or (delivery.state == "cancelled" and delivery.pk not in self.cancelled),
            "denied": any(copies[out:])
            and (delivery.state in ("failed", "cancelled") or delivery.doubt_since is None),
            "stuck": delivery.state not in AT_REST or told != (delivery.state in SHOWN),
            "disobeyed": any(self._forbidden(post.key, post.at) for post in SEA.posts if post.key in keys),
            "disordered": self._overtaken(delivery),
            "torn": bool(set(keys) & set(SEA.orphans)) or self._torn(delivery),
        }
        return [name for name in WRONG if found[name]]

    def _torn(self, delivery: Delivery) -> bool:
        """Its parts stand in another order, or another post of the account between two of them.

        A clock that is set ends every turn.
        """
        keys = keys_of(delivery)
        places = [SEA.place(key) for key in keys if SEA.place(key) >= 0]
        if len(keys) < 2 or len(places) < 2:
            return False
        account = delivery.account.remote_id
        between = [
            post
            for post in SEA.posts[places[0] : places[-1]]
            if post.account == account and post.key not in keys
        ]
        return places != sorted(places) or bool(between and not self.clocks_set)

    def _forbidden(self, key: str, at: float) -> bool:
        """Stored while a person had said that it may not leave. What was in the air just then cannot be called back."""
        if key in self.nothing_after and at >= self.nothing_after[key]:
            return True
        if key in self.nothing_before and at < self.nothing_before[key]:
            return True
        return any(start <= at < end and key not in flying for start, end, flying in self.paused)

    def _overtaken(self, delivery: Delivery) -> bool:
        """Of those that needed one try only, a later one of the account was there first."""
        if not _plain(delivery):
            return False
        own = SEA.place(str(delivery.key))
        after = [
            one
            for one in self.deliveries
            if one.account_id == delivery.account_id
            and (one.due_at, one.pk) > (delivery.due_at, delivery.pk)
            and _plain(one)
        ]
        return any(SEA.place(str(one.key)) < own for one in after)


def _plain(delivery: Delivery) -> bool:
    """It left at its first try, and nobody gave it another hour."""
    return delivery.attempts == len(keys_of(delivery)) and SEA.place(str(delivery.key)) >= 0


def keys_of(delivery: Delivery) -> list[str]:
    """The key of each of its parts; one of what is one post."""
    return [str(key_of(delivery.key, place)) for place in range(max(1, len(parts_of(delivery.payload))))]


def copies_of(delivery: Delivery) -> list[int]:
    return [SEA.copies(key) for key in keys_of(delivery)]


def out_of(delivery: Delivery) -> int:
    """How many of its parts are live, as the ledger says."""
    return delivery.part or int(delivery.state == "published")


def laid(house: House, way: str, cargo: str, named: str, *, ahead: float = 0.0) -> Scene:
    """The cargo on fresh accounts, due this moment or in `ahead` seconds, a thousandth of a second apart."""
    accounts: dict[int, Account] = {}
    made: list[Delivery] = []
    due = clock.now() + timedelta(seconds=ahead)
    for number, place in enumerate(CARGO[cargo]):
        if place not in accounts:
            accounts[place] = house.account(way, f"{place}")
        moment = due + timedelta(milliseconds=number)
        text = f"A warm cup {number}, {named}"
        if number in SEQUENCES.get(cargo, ()):
            text = in_parts(text)
        made.append(put(house, accounts[place], text, moment, cargo == "a picture"))
    return Scene(house, made)


def put(house: House, account: Account, text: str, due: datetime, picture: bool = False) -> Delivery:
    """One post for one account, scheduled."""
    editor = house.world.editor
    post = write_post(editor, house.world.brand, text=text)
    variant = add_variant(editor, post.pk, account)
    if picture:
        asset = add_asset(editor, house.world.brand, "cup.png", [_noise()], alt="A cup")
        variant.post = set_post_media(editor, post.pk, [(asset.pk, "A cup")], variant.post.version)
    return schedule_delivery(editor, variant, due)


@cache
def _noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((120, 120), 90).save(out, "PNG")
    return out.getvalue()
