"""Pure decisions about numbers: when to read next, what engagement is, what is usual, when it is too few to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from math import isfinite, sqrt
from statistics import median, quantiles
from typing import Final, Literal

from django.utils.translation import gettext as _

from kitestring.connectorkit.contract import Reading
from kitestring.kit.text import storable

LADDER: Final = tuple(
    timedelta(minutes=m)
    for m in (1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 4320, 7200, 10080, 20160, 43200)
)
REACTIONS: Final = ("likes", "replies", "reposts", "quotes", "saves", "shares", "clicks")
LARGEST: Final = 10**15  # more than everybody's views of everything
ENOUGH: Final = 5
NEEDED: Final = ENOUGH + 1  # deliveries an account must have, read at one age, before anything is usual there
SPIKE: Final = 5.0

# Before this age nothing is judged. In its first hours a count hangs on the hour at which the post went live, while the
# usual mixes all hours; and it is so small that one reader more doubles it. After a day each has seen every hour once.
EARLY: Final = timedelta(days=1)

AFTER_MIDNIGHT: Final = time(0, 10)

HIT: Final = 3.0
BASE: Final = 5

Verdict = Literal["above", "usual", "below", "too_few", "early", "missing"]


def next_reading(published_at: datetime, rung: int, now: datetime) -> tuple[int, datetime | None]:
    """(rung, moment) of the next reading: rungs already past are skipped, one overdue reading replaces them.

    None when the ladder (30 days) has ended.
    """
    while rung < len(LADDER) and published_at + LADDER[rung] <= now:
        rung += 1
    return rung, published_at + LADDER[rung] if rung < len(LADDER) else None


def next_day(moment: datetime, zone: tzinfo) -> datetime:
    """When an account's own numbers are read again: shortly after the brand's next day has begun."""
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, AFTER_MIDNIGHT, zone)


def rung_of(age: timedelta) -> timedelta:
    """The last step of the ladder that this age has passed; zero before the first."""
    return max((step for step in LADDER if step <= age), default=timedelta(0))


def engagement(values: Mapping[str, float | None]) -> float | None:
    """All reactions the channel gave, added; None when it gave none of them. Views are no reaction."""
    given = [v for key in REACTIONS if (v := values.get(key)) is not None]
    return sum(given) if given else None


@dataclass(frozen=True)
class Usual:
    """An account's own scale: middle half (`low`, `high`) and `median` of `n` deliveries. None in all three: too few."""

    n: int
    low: float | None = None
    median: float | None = None
    high: float | None = None

    @property
    def known(self) -> bool:
        return self.median is not None


def usual(values: Iterable[float]) -> Usual:
    """The scale of these values; of `ENOUGH` or fewer nothing is said.

    Spikes (over five times the median) are left out of the middle half, not of the count or the median.
    """
    every = sorted(values)
    if len(every) <= ENOUGH:
        return Usual(len(every))
    middle = median(every)
    calm = [v for v in every if middle == 0 or v <= middle * SPIKE]
    low, _, high = quantiles(calm, n=4, method="inclusive") if len(calm) > 1 else (calm[0], calm[0], calm[0])
    return Usual(len(every), low, middle, high)


def judge(value: float | None, scale: Usual) -> Verdict:
    """Where a value stands on the account's own scale."""
    if value is None:
        return "missing"
    if scale.low is None or scale.high is None:
        return "too_few"
    if value > scale.high:
        return "above"
    return "below" if value < scale.low else "usual"


def beyond_chance(value: float, scale: Usual) -> bool:
    """Whether a small count lies further above the median than luck takes it: three times the spread of such counts."""
    return scale.median is not None and value - scale.median >= 3 * sqrt(max(scale.median, 1.0))


@dataclass(frozen=True)
class Goal:
    """A campaign's figure and what was reached. `value` None: nothing to add up, and `why` says so.

    `counted` of `posts` deliveries gave the metric; when some did not, `why` says why. `samples`: ids under the value.
    """

    metric: str
    goal: float | None
    value: float | None
    counted: int
    posts: int
    why: str
    samples: tuple[str, ...]


def share_range(hits: int, of: int) -> tuple[float, float]:
    """Where the true share lies, 95 % sure (Wilson): "1 of 20" is anything from 1 % to 24 %."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def storable_reading(reading: Reading, moment: datetime) -> Reading:
    """As a sample can be kept: what is no number, or larger than anything is counted to, the channel did not give.

    A moment of the future is now. One odd number must not keep an account's others out, nor be asked for for ever.
    """
    value, why = reading.value, reading.why
    if value is not None and not _is_count(value):
        value, why = None, "not_given"
    at = reading.at if reading.at.tzinfo else reading.at.replace(tzinfo=UTC)
    return replace(
        reading, value=value, field=storable(reading.field)[:120], why=storable(why)[:60], at=min(at, moment)
    )


def _is_count(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST and isfinite(value)


def metric_name(key: str) -> str:
    """A metric's name in the active language; every key a channel or a campaign's figure can have."""
    names = {
        "engagement": _("Reactions"),
        "views": _("Views"),
        "reach": _("People reached"),
        "likes": _("Likes"),
        "replies": _("Replies"),
        "reposts": _("Reposts"),
        "quotes": _("Quotes"),
        "saves": _("Saves"),
        "shares": _("Shares"),
        "clicks": _("Clicks"),
        "followers": _("Followers"),
        "followers_gained": _("New followers"),
        "followers_lost": _("Lost followers"),
        "following": _("Follows"),
        "posts": _("Posts there"),
        "comments": _("Comments there"),
        "profile_views": _("Visits to the page"),
    }
    return names.get(key, key)


def account_metric_means(key: str) -> str:
    """What a number of a whole account counts, in a sentence; "" for a key that no channel can have."""
    means = {
        "followers": _(
            "People and accounts that follow this one, as the channel counts them at that moment."
        ),
        "followers_gained": _("People who began to follow on the last day that the channel has counted."),
        "followers_lost": _("People who stopped following on the last day that the channel has counted."),
        "following": _("Accounts that this one follows."),
        "posts": _("Posts that stand on the account, whoever published them."),
        "comments": _("Comments that stand under the account’s posts, whoever wrote them."),
        "views": _("Views of what the account published, over the span that the channel’s field counts."),
        "reach": _(
            "Different people who saw something of the account, over the span that the channel’s field counts."
        ),
        "profile_views": _(
            "Visits to the account’s own page, over the span that the channel’s field counts."
        ),
    }
    return means.get(key, "")


def kind_word(kind: str) -> str:
    """How a kind of deliveries is named over their table."""
    return {
        "flew": _("Flew"),
        "above": _("Above usual"),
        "usual": _("As usual"),
        "below": _("Below"),
        "too_few": _("Too few"),
        "early": _("Too early"),
        "missing": _("No numbers"),
    }[kind]


def verdict_word(verdict: Verdict) -> str:
    """How a verdict is said in a table."""
    return {
        "above": _("above"),
        "usual": _("as usual"),
        "below": _("below"),
        "too_few": _("too few to tell"),
        "early": _("too early to tell"),
        "missing": _("missing"),
    }[verdict]
