"""Pure decisions about conversations: when something is owed, by when, and what may be answered."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LONGEST_REPLY: Final = 20_000
SNIPPET: Final = 160
SOON: Final = timedelta(hours=1)
HOT: Final = timedelta(minutes=20)
# What a channel adds to an answer or rewrites in it: whom it names, the address of a link.
DRESSING: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[\w.\-]+(?:@[\w.\-]+)?")


OFTEN: Final = 20.0  # seconds between two rounds; a channel that bears less says so in its manifest
STEADY: Final = 100  # a post that is so many rounds old is asked about half as often, and so on


def due_again(asked_at: datetime | None, every: float, moment: datetime) -> bool:
    """Whether an account's channel may be asked once more. A round comes a moment early or late: a second is let go."""
    return asked_at is None or (moment - asked_at).total_seconds() >= every - 1


def its_turn(born: datetime, phase: int, asked_at: datetime | None, every: float, moment: datetime) -> bool:
    """Whether a post is asked about in this round: every time while it is young, later once in 2, 4, 8, ... rounds.

    With `every` = 300 s that is each time on its first day or so, every ten minutes a day later, every two hours after a
    week or two. `phase` spreads the old ones over the rounds.
    """
    age = (moment - born).total_seconds()
    step: float = every * 2 ** max(0, math.floor(math.log2(max(1.0, age / every / STEADY))))
    if asked_at is None or step <= every:
        return True
    shift = phase % int(step)
    turns = [(at.timestamp() + shift) // step for at in (asked_at, moment)]
    return turns[0] != turns[1]


@dataclass(frozen=True)
class Entry:
    """What the rules see of a message, oldest first: `ours` True for our own words."""

    at: datetime
    ours: bool


def owed_since(entries: Iterable[Entry]) -> datetime | None:
    """The oldest of their messages after our last word; None when the last word is ours."""
    oldest: datetime | None = None
    for entry in sorted(entries, key=lambda e: e.at):
        if entry.ours:
            oldest = None
        elif oldest is None:
            oldest = entry.at
    return oldest


def answer_by(since: datetime, minutes: int, window_hours: float | None) -> datetime:
    """When an answer is late: the brand's own promise, or the channel's reply window where that ends sooner."""
    promised = since + timedelta(minutes=minutes)
    if window_hours is None:
        return promised
    return min(promised, since + timedelta(hours=window_hours))


def window_closed(
    last: datetime, answered: int, now: datetime, hours: float | None, replies: int | None
) -> bool:
    """Whether the channel takes no (further) answer: too late, or as often as it allows."""
    too_late = hours is not None and now > last + timedelta(hours=hours)
    return too_late or (replies is not None and answered >= replies)


def same_words(one: str, other: str) -> bool:
    """Whether two answers say the same but for names, links, signs, spaces and capitals. "From 7" is not "from 8"."""
    mine, theirs = _bare(one), _bare(other)
    if not mine or not theirs:
        return one.split() == other.split()
    return mine == theirs


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", DRESSING.sub(" ", text)).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")


@dataclass(frozen=True)
class Left:
    """Seconds left to answer (negative: late) and how much of the promised time that is, in percent."""

    seconds: float
    percent: int


def left(since: datetime, by: datetime, now: datetime) -> Left:
    return left_of((by - since).total_seconds(), (by - now).total_seconds())


def left_of(whole: float, seconds: float) -> Left:
    """`seconds` of the `whole` time promised."""
    return Left(seconds, max(0, min(100, round(100 * seconds / max(whole, 1.0)))))


def snippet_of(text: str) -> str:
    """One line for the list."""
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"
