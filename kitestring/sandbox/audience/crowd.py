"""The audience at work: looks at every post again and again, raises its counts, speaks, answers back.

It acts on `Platform` alone, so it is the same on every channel, also on one that is added tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

from kitestring.connectorkit.emulation import Item
from kitestring.kit.clock import now
from kitestring.sandbox.audience.people import voices
from kitestring.sandbox.audience.plan import FOLLOWERS, Plan, grown, plan_for
from kitestring.sandbox.emulated import Emulated

OVER: Final = timedelta(days=45)
ANSWERS_BACK: Final = 0.4
BACK_AFTER: Final = timedelta(minutes=12)
AT_ONCE: Final = 20  # most words on a channel in one step: who was away a week is not shouted at


class Crowd:
    """`speed`: how many times faster than life. A post made before `epoch` ages at life's speed up to it."""

    def __init__(
        self,
        channels: dict[str, Emulated],
        *,
        seed: int = 1,
        speed: float = 1.0,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.channels = channels
        self.seed = seed
        self.speed = speed
        self.clock = clock
        self._plans: dict[tuple[str, str], Plan] = {}
        self._turned: datetime = clock()
        self._lived = timedelta(0)

    def change_speed(self, speed: float) -> None:
        """From now on; what has passed has passed."""
        self._lived, self._turned = self._life(self.clock()), self.clock()
        self.speed = max(0.0, speed)

    def step(self) -> int:
        """One look at everything; gives back how many words were said."""
        spoken = 0
        for one in self.channels.values():
            spoken += self._look(one)
        return spoken

    def plan(self, one: Emulated, item: Item) -> Plan:
        """The fate of a post, drawn once. What the seed fixed for it (its lift, the account's followers) counts."""
        here = (one.slug, item.id)  # two channels may count alike
        if here not in self._plans:
            kept = memory(one)
            followers = kept["followers"].get(item.author, FOLLOWERS)
            lift = kept["lifts"].get(item.id, 0.0)
            self._plans[here] = plan_for(item, one.slug, self.seed, followers=followers, lift=lift)
        return self._plans[here]

    def age(self, item: Item, at: datetime) -> timedelta:
        """How old the post is by the audience's own time."""
        made = datetime.fromisoformat(item.at)
        if made <= self._turned:
            return (self._turned - made) + self._life(at)
        return (at - made) * self.speed

    def _life(self, at: datetime) -> timedelta:
        return self._lived + (at - self._turned) * self.speed

    def _look(self, one: Emulated) -> int:
        kept, at, spoken = memory(one), self.clock(), 0
        for item in one.platform.posts():
            if item.id in kept["over"]:
                continue
            age = self.age(item, at)
            plan = self.plan(one, item)
            self._count(one, item, plan, age)
            spoken += self._speak(one, item, plan, age, AT_ONCE - spoken)
            if age > OVER and kept["told"].get(item.id, 0) >= len(plan.said):
                kept["over"].append(item.id)
        return spoken + self._answer_back(one, at)

    def _count(self, one: Emulated, item: Item, plan: Plan, age: timedelta) -> None:
        for key, total in plan.totals.items():
            more = grown(total, age) - item.counts.get(key, 0)
            if more > 0:
                one.platform.count(item.id, key, more)
                one.changed = True

    def _speak(self, one: Emulated, item: Item, plan: Plan, age: timedelta, most: int) -> int:
        told: dict[str, int] = memory(one)["told"]
        before = told.get(item.id, 0)
        ready = [said for said in plan.said[before:] if said.after <= age][: max(most, 0)]
        for said in ready:
            one.platform.comment(item.id, said.person.id, said.person.name, said.text)
        if ready:
            told[item.id] = before + len(ready)
            one.changed = True
        return len(ready)

    def _answer_back(self, one: Emulated, at: datetime) -> int:
        """Some thank the brand for an answer; once for each."""
        heard: list[str] = memory(one)["heard"]
        spoken = 0
        for item in [i for i in one.platform.items.values() if i.parent and i.id not in heard]:
            root, asked = one.platform.items.get(item.root), one.platform.items.get(item.parent)
            ours = root is not None and item.author == root.author
            if not ours or asked is None or not asked.parent or self.age(item, at) < BACK_AFTER:
                continue
            heard.append(item.id)
            one.changed = True
            chance = Random(sha256(f"{self.seed}|{item.id}".encode()).hexdigest())
            if asked.author != item.author and chance.random() < ANSWERS_BACK:
                from_them = chance.choice(voices(_tongue(asked.text))["thanks"])
                one.platform.comment(item.id, asked.author, asked.author_name, from_them)
                spoken += 1
        return spoken


def _tongue(text: str) -> str:
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return "zh"
    return (
        "vi"
        if any(letter in "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỹỷỵ" for letter in text.lower())
        else "en"
    )


def memory(one: Emulated) -> dict[str, Any]:
    """What the audience remembers of a channel, kept with the platform: how far it has told each post's story.

    `followers` by account, `lifts` by post, `told` words by post, `over` posts nobody comes to any more, `heard` answers.
    """
    kept: dict[str, Any] = one.platform.memory.setdefault("audience", {})
    for name in ("followers", "lifts", "told"):
        kept.setdefault(name, {})
    for name in ("over", "heard"):
        kept.setdefault(name, [])
    return kept


def cascade(plan: Plan, age: timedelta) -> list[dict[str, Any]]:
    """The repost tree as it stands at this age: number, parent, after (seconds), person, followers."""
    return [{**asdict(s), "after": s.after.total_seconds()} for s in plan.shares if s.after <= age]
