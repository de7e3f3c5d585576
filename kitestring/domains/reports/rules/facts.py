"""What a report is made from: plain facts, each with the ids of the samples or messages under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import inf
from statistics import median_high

from kitestring.domains.analytics.rules import HIT, Goal, Usual, Verdict


@dataclass(frozen=True)
class PostFact:
    """A live delivery of the period: one `post` on one account. `account_name` says on which channel.

    `value`: all its reactions now; `then`: at the age of comparison; `times`: that, over its account's median. `samples`:
    ids of the newest samples of its reactions.
    """

    delivery: str
    post: str
    title: str
    account: str
    account_name: str
    language: str
    at: date
    value: float | None
    then: float | None
    usual: Usual
    verdict: Verdict
    times: float | None
    samples: tuple[str, ...]

    @property
    def flew(self) -> bool:
        return self.times is not None and self.times >= HIT

    @property
    def early(self) -> bool:
        """In its first day: counted, not judged."""
        return self.verdict == "early"

    @property
    def compared(self) -> bool:
        return self.verdict in ("above", "usual", "below")


@dataclass(frozen=True)
class AccountFact:
    """An account's deliveries of the period beside what was usual on it before (both at the age of seven days)."""

    name: str
    values: tuple[float, ...]
    before: Usual
    deliveries: tuple[str, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class AnswerFacts:
    """How people who wrote in the period were answered: minutes of each first answer in order of time.

    `waiting` of them still wait, `overdue` past the promise (minutes). `inbox`: how many wait in the brand's whole inbox
    now, whenever they wrote.
    """

    minutes: tuple[float, ...]
    waiting: int
    overdue: int
    inbox: int
    promise: int
    messages: tuple[str, ...]

    @property
    def n(self) -> int:
        """Those of whom it is known whether they were answered in time."""
        return len(self.minutes) + self.overdue

    @property
    def median(self) -> float:
        """Minutes; infinite when half of them still wait past the promise. Zero when nobody wrote."""
        return median_high([*self.minutes, *([inf] * self.overdue)]) if self.n else 0.0

    @property
    def kept(self) -> int:
        """First answers that came within the promise."""
        return sum(1 for one in self.minutes if one <= self.promise)

    @property
    def late(self) -> bool:
        """Whether half of them missed the promise, or more."""
        return self.median > self.promise


@dataclass(frozen=True)
class NumberFact:
    """A number of an account itself at both ends of the period, each with its day; `why` there is none, "" where there is.

    `metric`: which number; "" where the channel states none. `samples`: ids of the two readings.
    """

    name: str
    metric: str
    why: str = ""
    first: tuple[date, float] | None = None
    last: tuple[date, float] | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """`posts` are deliveries; `published` counts each post once. Every rate and count of posts comes from there.

    `all_posts`: how many there are, when only the newest were taken; `starts_on` is then the first of those.
    """

    posts: tuple[PostFact, ...]
    accounts: tuple[AccountFact, ...]
    answers: AnswerFacts
    goal: Goal
    starts_on: date
    ends_on: date
    today: date
    all_posts: int | None = None
    of_campaign: bool = False
    numbers: tuple[NumberFact, ...] = ()

    @property
    def published(self) -> int:
        return len({p.post for p in self.posts})

    @property
    def compared(self) -> tuple[PostFact, ...]:
        """The deliveries that can be held against their account's usual: of these alone is said how they did."""
        return tuple(p for p in self.posts if p.compared)

    @property
    def a_week(self) -> float:
        """Posts a week: the rhythm, wherever it is said."""
        return self.published / self.weeks

    @property
    def weeks(self) -> float:
        """The weeks that have passed, today among them; what lies ahead holds no posts yet. One at least."""
        return max(1.0, ((min(self.ends_on, self.today) - self.starts_on).days + 1) / 7)

    @property
    def running(self) -> bool:
        """Days of the period still lie ahead."""
        return self.ends_on > self.today
