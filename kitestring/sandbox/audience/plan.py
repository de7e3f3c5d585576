"""What will become of one post: how many react in the end, who says what and when, and who passes it on.

Reactions are heavy-tailed (log-normal, with a rare Pareto jump), so most posts do little and one flies. Everything is
drawn from the post's own words and the seed: the same post on the same channel always meets the same people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Final

from kitestring.connectorkit.emulation import Item
from kitestring.language.identify import identify
from kitestring.sandbox.audience.people import Person, meaning_of, people, voices

FOLLOWERS: Final = 1800
SPREAD: Final = 0.75  # sigma of the log-normal
FLIES: Final = 0.02  # how often a post jumps
MOST_WORDS, MOST_SHARES = 24, 400
HALF_LIFE: Final = timedelta(hours=7)
FIRST_WORD: Final = timedelta(minutes=25)
# Reactions for each view, before a post's own charm; drawn anew around these.
RATES: Final[Mapping[str, float]] = {
    "likes": 0.045, "saves": 0.012, "reposts": 0.006, "quotes": 0.0012, "shares": 0.009, "clicks": 0.02,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Somebody's words, so long after the post. `meaning` is the list they came from."""

    after: timedelta
    person: Person
    text: str
    meaning: str


@dataclass(frozen=True)
class Share:
    """One reshare: by whom, from whose (None: from the post itself), when."""

    number: int
    parent: int | None
    after: timedelta
    person: str
    followers: int


@dataclass(frozen=True)
class Plan:
    """`totals`: counts in the end. `said` and `shares` are in the order of time."""

    totals: Mapping[str, int]
    said: tuple[Said, ...]
    shares: tuple[Share, ...]


def plan_for(item: Item, channel: str, seed: int, *, followers: int = FOLLOWERS, lift: float = 0.0) -> Plan:
    """The fate of a post. `lift` > 0 sets how many times the usual it does (a seeded hit), instead of drawing it."""
    chance = Random(sha256(f"{seed}|{channel}|{item.title}|{item.text}".encode()).hexdigest())
    language = identify(f"{item.title} {item.text}")[:2]
    charm = lift or math.exp(chance.gauss(0, SPREAD))
    if not lift and chance.random() < FLIES:
        charm *= 3 * chance.paretovariate(1.2)
    views = round(min(followers * 0.32 * charm, 4_000_000))
    totals = {"views": views}
    for key, rate in RATES.items():
        totals[key] = round(views * rate * math.exp(chance.gauss(0, 0.3)))
    words = min(MOST_WORDS, 1 + round(views * 0.0022 * math.exp(chance.gauss(0, 0.4))))
    shares = _shares(min(totals["reposts"], MOST_SHARES), language, chance)
    return Plan(totals, _said(words, language, chance), shares)


def grown(total: int, age: timedelta) -> int:
    """How much of `total` has come after `age`: fast at first, half of it after seven hours."""
    if age <= timedelta(0):
        return 0
    return math.floor(total * (1 - math.exp(-math.log(2) * (age / HALF_LIFE))) + 1e-9)


def _moment(chance: Random) -> timedelta:
    """A moment drawn so that the crowd comes as `grown` says."""
    return HALF_LIFE * (-math.log(1 - chance.random() * 0.995) / math.log(2))


def _said(number: int, language: str, chance: Random) -> tuple[Said, ...]:
    """The first word comes early, so that who watches sees it; nobody speaks twice under one post, no line twice."""
    crowd, lists = people(language), voices(language)
    left = {meaning: chance.sample(lines, len(lines)) for meaning, lines in lists.items()}
    moments = sorted([FIRST_WORD * chance.uniform(0.4, 1.2), *(_moment(chance) for _ in range(number - 1))])
    present, found = list(crowd), list[Said]()
    for moment in moments:
        if not present:
            break
        person = chance.choices(present, [p.weight for p in present])[0]
        present.remove(person)
        meaning = meaning_of(person, chance)
        if not left.get(meaning):
            continue
        found.append(Said(moment, person, left[meaning].pop(), meaning))
    return tuple(found)


def _shares(number: int, language: str, chance: Random) -> tuple[Share, ...]:
    """The repost tree: most take it from the post, some from somebody who did, the followed ones first."""
    known = sorted(people(language), key=lambda p: -p.followers)
    found: list[Share] = []
    for moment in sorted(_moment(chance) for _ in range(number)):
        serial = len(found)
        if known and chance.random() < 0.12:
            person = known.pop(chance.randrange(min(4, len(known))))
            name, reach = person.name, person.followers
        else:
            name, reach = f"reader{chance.randrange(10_000):04d}", int(40 * chance.paretovariate(1.1))
        parent = None
        if found and chance.random() < 0.45:
            parent = chance.choices(found, [s.followers for s in found])[0].number
        found.append(Share(serial, parent, moment, name, min(reach, 90_000)))
    return tuple(found)
