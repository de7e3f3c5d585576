"""What a report is made from: plain facts, each with the ids of the samples or messages under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import inf
from statistics import median_high

from kitestring.domains.analytics.rules import Goal, Usual, Verdict


@dataclass(frozen=True)
class PostFact:
    """A live post of the period. `value`: all reactions together; `times`: that, over its account's median.

    `why`: the reason, told, when there is no value. `samples`: ids of the newest samples of its reactions.
    """

    delivery: str
    title: str
    account: str
    account_name: str
    language: str
    at: date
    value: float | None
    usual: Usual
    verdict: Verdict
    times: float | None
    samples: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class AccountFact:
    """An account's posts of the period beside what was usual on it before (both at the age of seven days)."""

    name: str
    values: tuple[float, ...]
    before: Usual
    deliveries: tuple[str, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class AnswerFacts:
    """How people were answered: minutes of each first answer in order of time; `overdue` of the `waiting` are past
    the promise (minutes).
    """

    minutes: tuple[float, ...]
    waiting: int
    overdue: int
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
    def late(self) -> bool:
        return self.median > self.promise


@dataclass(frozen=True)
class Facts:
    posts: tuple[PostFact, ...]
    accounts: tuple[AccountFact, ...]
    answers: AnswerFacts
    goal: Goal
    starts_on: date
    ends_on: date
    today: date

    @property
    def weeks(self) -> float:
        return max(1.0, ((self.ends_on - self.starts_on).days + 1) / 7)
