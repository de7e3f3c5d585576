"""Pure decisions about conversations: when something is owed, by when, and what may be answered."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from kitestring.connectorkit.facts import Asking

LONGEST_REPLY: Final = 20_000
SNIPPET: Final = 160
SHORT_ID: Final = 14  # letters; a longer id is no name that anybody reads
SOON: Final = timedelta(hours=1)
HOT: Final = timedelta(minutes=20)
# What a channel adds to an answer or rewrites in it: whom it names, the address of a link.
DRESSING: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[\w.\-]+(?:@[\w.\-]+)?")


OFTEN: Final = 20.0  # seconds between two rounds; a channel that bears less says so in its manifest
REST: Final = 4.0  # seconds in which all bells of an account about the same are one, at least
STEADY: Final = 100  # a post that is so many rounds old is asked about half as often, and so on


def due_again(asked_at: datetime | None, every: float, moment: datetime) -> bool:
    """Whether an account's channel may be asked once more. A round comes a moment early or late: a second is let go."""
    return asked_at is None or (moment - asked_at).total_seconds() >= every - 1


def rest_of(asking: Asking | None) -> float:
    """The seconds in which all bells about the same are one: where a question is about every post, a tenth of the round."""
    return REST if asking is None or asking.by_post else max(REST, asking.every / 10)


def next_slot(moment: datetime, rest: float) -> datetime:
    """When a bell is answered: at once or within `rest` seconds, so that many bells are one question."""
    return datetime.fromtimestamp(math.ceil(moment.timestamp() / rest) * rest, moment.tzinfo)


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


def unnamed(remote_id: str) -> str:
    """What somebody is called whose name the channel does not tell: the end of their id, enough to know them again."""
    return remote_id if len(remote_id) <= SHORT_ID else f"…{remote_id[-6:]}"


def is_unnamed(name: str, remote_id: str) -> bool:
    """Whether nobody has told us this person's name yet; before this was so, they were called by the whole id."""
    return name in (remote_id, unnamed(remote_id))


def snippet_of(text: str) -> str:
    """One line for the list."""
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"


class DeedWords(NamedTuple):
    """A deed in words: on its button, while it is under way, once somebody did it (with %(name)s), and when it was refused."""

    button: Promise
    doing: Promise
    done: Promise
    refused: Promise


# By kind, and whether it is done or taken back.
DEEDS: Final[dict[tuple[str, bool], DeedWords]] = {
    ("hide", True): DeedWords(lazy("Hide"), lazy("Hiding"), lazy("Hidden by %(name)s"), lazy("Not hidden")),
    ("hide", False): DeedWords(
        lazy("Show again"), lazy("Showing again"), lazy("Shown again by %(name)s"), lazy("Not shown again")
    ),
    ("like", True): DeedWords(lazy("Like"), lazy("Liking"), lazy("Liked by %(name)s"), lazy("Not liked")),
    ("like", False): DeedWords(
        lazy("Take the like back"),
        lazy("Taking the like back"),
        lazy("%(name)s took the like back"),
        lazy("The like is still there"),
    ),
    ("remove", True): DeedWords(
        lazy("Remove"), lazy("Removing"), lazy("Removed by %(name)s"), lazy("Not removed")
    ),
    ("approve", True): DeedWords(
        lazy("Let through"), lazy("Letting through"), lazy("Let through by %(name)s"), lazy("Not let through")
    ),
}
# A channel's general sentences speak of a post of ours; of a deed on somebody else's words other things are true.
DEED_REASONS: Final[dict[str, Promise]] = {
    "busy": lazy("%(channel)s asks us to slow down. It is done by itself as soon as they let us."),
    "not_reached": lazy("%(channel)s could not be reached. It is tried again by itself for an hour."),
    "no_answer": lazy(
        "%(channel)s gave no clear answer. It is asked again by itself for an hour; twice does no harm."
    ),
    "grant_expired": lazy(
        "%(channel)s no longer accepts our access to this account, so nothing was done. Connect the account again."
    ),
    "scope_missing": lazy(
        "The access given to us does not cover this on %(channel)s, so nothing was done. Connect the account again and "
        "allow it."
    ),
    "refused": lazy("%(channel)s refused this, so nothing was done. Open it there and do it by hand."),
    "gone": lazy("It is no longer on %(channel)s: it was deleted there. Its words are kept here."),
    "asker_may_not": lazy(
        "Whoever asked for this may not do it any more, so nothing was done. Press it again if it is still wanted."
    ),
    "account_cannot": lazy(
        "The account could not do this any more when its turn came, so nothing was done. Open it on %(channel)s and do it there."
    ),
    "over": lazy(
        "%(channel)s gave no clear answer for an hour, so we stopped asking. Press it again, or do it there."
    ),
}
SAME_REASON: Final = {
    "broken": "no_answer",
    "not_itself": "no_answer",
    "connector_broke": "no_answer",
    "unknown": "refused",
    "not_there": "gone",
}


def deed_reason(reason: str, *, ended: bool) -> Promise | None:
    """Our own sentence (with %(channel)s) for why a deed is not done; None where the channel's own says it better.

    `ended`: we no longer ask.
    """
    key = SAME_REASON.get(reason, reason)
    if ended and key in ("busy", "not_reached", "no_answer"):
        key = "over"
    return DEED_REASONS.get(key)


def says_gone(reason: str) -> bool:
    """Whether the channel's no means that the words stand there no more."""
    return SAME_REASON.get(reason, reason) == "gone"
