"""What people said to the ledger, remembered beside it, and what must be true of the channel because of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.queries.problems import problems
from kitestring.domains.publishing.rules.holding import ALONE
from kitestring.domains.publishing.rules.sequence import key_of, parts_of
from kitestring.kit import clock
from kitestring.web.today_lines import need_lines
from tests.chaos.sea.platform import SEA, Post
from tests.chaos.sequences import CUT
from tests.world import World

EARLY = 0.01  # seconds
AN_HOUR = 3600.0
SHOWN = frozenset({"needs_attention", "failed", "held", "unknown", "handed_off"})
OVER = frozenset({"published", "withdrawn", "cancelled"})


@dataclass
class Facts:
    """`duties`: post, account and part of each key. `words`: how often a person said of a key that it is not there when it was.

    `barred`: cancelled. `hours`: none before. `yes`: the words each post may say. `paused`: what is, by name or account.
    """

    quota: int
    asks: bool = False
    duties: dict[str, tuple[UUID, UUID, int]] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)
    barred: set[str] = field(default_factory=set)
    hours: dict[str, float] = field(default_factory=dict)
    yes: dict[UUID, str] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    clocks_set: bool = False
    restored: bool = False
    broken: list[str] = field(default_factory=list)

    def stored(self, post: Post) -> None:
        """The channel was given this just now: was that allowed?"""
        found = {
            "sent while paused": bool(self.paused & {"workspace", "brand", post.account}),
            "sent though cancelled": post.key in self.barred,
            "sent before its hour": clock.now().timestamp() < self.hours.get(post.key, 0.0) - EARLY,
            "sent without a yes to these words": self.asks
            and post.text not in self.yes.get(self.duties[post.key][0], "").split(CUT),
            "put under what is not there": post.key in SEA.orphans,
            "sent beyond the quota": not post.under
            and not self.clocks_set
            and not self.restored
            and self._lately(post) > self.quota,
        }
        self.broken += [f"{name}: {post}" for name, true in found.items() if true]

    def _lately(self, post: Post) -> int:
        mine = (one for one in SEA.posts if one.account == post.account and not one.under)
        return sum(one.at > SEA.clock() - AN_HOUR + 1 for one in mine)

    def proven(self, world: World) -> None:
        """Nothing was broken, and what is on the channel is what the ledger says."""
        assert not self.broken, "; ".join(self.broken)
        rows = {str(row.key): row for row in Delivery.objects.all()}
        ever = Counter(SEA.ever)
        for key, copies in ever.items():
            assert copies <= 1 + self.words[key], f"{copies} copies of {key}"
        live = Counter(self.duties[post.key] for post in SEA.posts)
        for duty, copies in live.items():
            words = sum(n for key, n in self.words.items() if self.duties[key] == duty)
            assert copies <= 1 + words, f"{copies} copies of one duty"
        for row in rows.values():
            self._of(row)
        self._listed(world, list(rows.values()))

    def _of(self, row: Delivery) -> None:
        keys = [str(key_of(row.key, place)) for place in range(len(parts_of(row.payload)) or 1)]
        key, copies = keys[0], SEA.copies(keys[0])
        if row.part and row.remote_id and row.state not in OVER:
            assert copies >= 1, f"its head is said to be out and is not: {row}"
        if row.state == "published" and row.remote_id:
            assert copies >= 1, f"said to be out and is not: {row}"
        if row.state in ("failed", "cancelled") and any(map(SEA.copies, keys)):
            told = row.doubt_since is not None or self.words[key] or self.restored
            assert told, f"said not to be out and is: {row} {row.reason}"

    def _listed(self, world: World, rows: list[Delivery]) -> None:
        """Each problem once."""
        listed = list(needing(world.owner, world.brand))
        shown = sorted(str(row.pk) for row in rows if row.state in SHOWN)
        assert sorted(str(row.pk) for row in listed) == shown, "not each problem is listed once"
        together = [row for row in listed if row.state == "held" and row.reason not in ALONE]
        alone = [row for row in listed if row not in together]
        assert sum(len(line.accounts) for line in need_lines(alone, clock.now())) == len(alone), (
            "not each problem has its line"
        )
        told = sum(one.posts + one.answers for one in problems(world.owner, world.brand))
        assert told == sum(map(_stopped, together)), "what one thing holds is not told with it, each once"

    def in_order(self) -> None:
        """Of what left at its first try, and was not moved or stopped by anybody, none overtook another of its account."""
        places = {post.key: n for n, post in enumerate(SEA.posts)}
        plain = [
            row
            for row in Delivery.objects.filter(attempts=1).order_by("due_at", "id")
            if str(row.key) in places and str(row.key) not in self.moved
        ]
        by_account: dict[UUID, list[int]] = {}
        for row in plain:
            by_account.setdefault(row.account_id, []).append(places[str(row.key)])
        assert all(line == sorted(line) for line in by_account.values()), "one overtook another"


def _stopped(row: Delivery) -> bool:
    """Whether something holds its account now. What is held a moment after its cause has gone goes on by itself."""
    account, brand = row.account, row.account.brand
    paused = (account.paused_at, brand.paused_at, brand.workspace.paused_at)
    return account.state == "expired" or any(paused)
