"""What goes wrong there with which duty: drawn from the seed by the duty's number, so that a run can be made again.

Of every thirty duties of one way of safety each trouble meets one, some meet two, and the others meet none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from kitestring.domains.publishing.tests.harbour.manifests import WAYS

# At the call that puts it live. "_after": it is live then, and the answer is not what it should be.
STORE: Final = (
    "drop_before", "drop_after", "timeout_before", "timeout_after", "error_before", "error_after", "html", "html_after",
    "busy", "busy_asked", "slow", "trickle",
)  # fmt: skip
PREPARE: Final = ("drop_before", "drop_after", "error_before", "busy", "html")
LOOK: Final = ("drop_before", "error_before", "timeout_before", "busy", "html")
BLOCK: Final = 30
TWICE: Final = 2  # duties of a block that meet two troubles
A_LOOK_IN: Final = 12
A_SEQUENCE_IN: Final = 11
A_REVOCATION_IN: Final = 3


@dataclass
class Plan:
    """Troubles still to come for one duty: at the call that stores, and at the one that prepares."""

    store: list[str] = field(default_factory=list)
    prepare: list[str] = field(default_factory=list)


def is_sequence(number: int) -> bool:
    """Whether a duty is a sequence: some of each way of safety are."""
    return number % A_SEQUENCE_IN == 5


def of_part(seed: str, number: int, place: int) -> Plan:
    """What goes wrong with a later part of a duty (0: its head): each meets its own."""
    return of_duty(seed, number + 4 * place)


def way_of(number: int) -> str:
    return WAYS[number % len(WAYS)]


def of_duty(seed: str, number: int) -> Plan:
    """A fresh copy each time: whoever carries it out takes from it."""
    store, prepare = _block(seed, way_of(number), number // len(WAYS) // BLOCK)[number // len(WAYS) % BLOCK]
    return Plan(list(store), list(prepare))


@lru_cache(maxsize=64)
def _block(seed: str, way: str, block: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    chance = random.Random(f"{seed} {way} {block}")
    plans: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((one,), ()) for one in STORE]
    plans += [((chance.choice(STORE), chance.choice(STORE)), ()) for _ in range(TWICE)]
    if way == "two_step":
        plans += [((), (chance.choice(PREPARE),)) for _ in range(TWICE)]
    plans += [((), ())] * (BLOCK - len(plans))
    chance.shuffle(plans)
    return plans


def at_look(seed: str, author: str, nth: int) -> str:
    """The trouble at an account's nth look-up; "" as a rule."""
    chance = random.Random(f"{seed} {author} look {nth}")
    return chance.choice(LOOK) if chance.randrange(A_LOOK_IN) == 0 else ""


def revoked_at(seed: str, author: str) -> int:
    """At which of its calls an account's token ends before its time, in the middle of whatever goes on; 0: never."""
    chance = random.Random(f"{seed} {author} token")
    return chance.randrange(2, 6) if chance.randrange(A_REVOCATION_IN) == 0 else 0
