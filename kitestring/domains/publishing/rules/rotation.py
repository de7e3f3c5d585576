"""Which post of the evergreen stock a slot takes: the one that was longest not out on the account. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

# Why a post does not fit a slot; the order is the one in which it is told.
ELSEWHERE: Final = "elsewhere"
NOT_APPROVED: Final = "not_approved"
OVER: Final = "over"
TOO_SOON: Final = "too_soon"
WHYS: Final = (TOO_SOON, OVER, NOT_APPROVED, ELSEWHERE)


@dataclass(frozen=True)
class Item:
    """A post of the stock, as one account sees it.

    `carried`: it has a version for the account; `ready`: where the brand asks for a yes, these very words have one.
    `used`: when it, or the same words, went out on the account or are to; in any order.
    """

    post: UUID
    carried: bool = True
    ready: bool = True
    good_until: date | None = None
    used: Sequence[datetime] = field(default_factory=tuple)


@dataclass(frozen=True)
class Choice:
    """`post` None: the slot stays empty, because of `whys` (how many posts do not fit, by reason)."""

    post: UUID | None
    whys: Counter[str]


class Timed(Protocol):
    """Another post of the account."""

    @property
    def at(self) -> datetime: ...


T = TypeVar("T", bound=Timed)


def crowding(at: datetime, others: Iterable[T], apart: timedelta) -> T | None:
    """Of what lies nearer to `at` than the distance the account asks for, the nearest."""
    near = (other for other in others if abs(other.at - at) < apart)
    return min(near, key=lambda other: abs(other.at - at), default=None)


def choose(stock: Sequence[Item], at: datetime, day: date, apart: timedelta) -> Choice:
    """For a slot at `at`, on `day` of the brand's calendar. Of posts alike, the one that stands first in the stock."""
    whys: Counter[str] = Counter()
    fits: list[tuple[datetime | None, int, Item]] = []
    for place, item in enumerate(stock):
        why = why_not(item, at, day, apart)
        if why:
            whys[why] += 1
        else:
            fits.append((max((u for u in item.used if u < at), default=None), place, item))
    if not fits:
        return Choice(None, whys)
    best = min(fits, key=lambda fit: (fit[0] is not None, fit[0].timestamp() if fit[0] else 0.0, fit[1]))
    return Choice(best[2].post, whys)


def why_not(item: Item, at: datetime, day: date, apart: timedelta) -> str:
    """Why this post does not fit that slot; "" where it does."""
    if not item.carried:
        return ELSEWHERE
    if item.good_until is not None and item.good_until < day:
        return OVER
    if not item.ready:
        return NOT_APPROVED
    return TOO_SOON if any(abs(used - at) < apart for used in item.used) else ""
