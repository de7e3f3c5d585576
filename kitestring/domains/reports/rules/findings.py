"""What may be claimed: each finding needs its own samples; with too few it says so and asks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.analytics.rules import ENOUGH, NEEDED
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.answering import answers
from kitestring.domains.reports.rules.facts import AccountFact, Facts, PostFact
from kitestring.domains.reports.rules.figure import figure
from kitestring.domains.reports.rules.finding import Finding

MOST: Final = 3
STANDS_OUT: Final = 2.0
APART: Final = 1.5
BASE_RATE: Final = 10
SHIFT: Final = (
    0.1  # a median that left the earlier middle half by less than a tenth of a median asks nobody to decide
)


def standout(facts: Facts) -> Finding | None:
    """The post furthest above its own account's median, from twice that on."""
    best = max((p for p in facts.posts if p.verdict == "above" and p.times), key=_times, default=None)
    if best is None or _times(best) < STANDS_OUT or best.then is None or best.usual.median is None:
        return None
    own = [p for p in facts.posts if p.account == best.account and p.then is not None and not p.early]
    scale = best.usual
    return Finding(
        key="standout",
        weight=3 + min(_times(best), 50) / 50,
        claim=_("“%(post)s” earned %(times)s× the usual of %(account)s")
        % {"post": best.title, "times": words.times(_times(best)), "account": best.account_name},
        evidence=_("%(value)s; the account’s median is %(median)s, its usual %(low)s–%(high)s (%(n)s).")
        % {
            "value": words.reactions(best.then),
            "median": words.figure(scale.median),
            "low": words.figure(scale.low),
            "high": words.figure(scale.high),
            "n": words.deliveries(scale.n),
        },
        so=_("It is one post: repeat it before you believe it."),
        ask=_("A follow-up within two weeks, in place of one planned post."),
        n=scale.n,
        samples=best.samples,
        posts=(best.delivery,),
        plot=figure(
            [p.then for p in own if p.then is not None],
            band=(scale.low or 0, scale.high or 0),
            mark=own.index(best),
            label=words.figure(best.then),
            caption=_("Reactions to each delivery, %(account)s; the band is the usual")
            % {"account": best.account_name},
        ),
    )


def _times(post: PostFact) -> float:
    return post.times or 0.0


def drift(facts: Facts) -> Finding | None:
    """The account whose median moved furthest out of its own earlier middle half."""
    moved = [(_drifted(a), a) for a in facts.accounts]
    far = max(((m, a) for m, a in moved if m is not None), key=lambda pair: abs(pair[0]), default=None)
    if far is None or not far[0]:
        return None
    down, account = far[0] < 0, far[1]
    before, name = account.before, {"account": account.name}
    later = {"date": words.day(words.in_weeks(facts.today, 4))}
    return Finding(
        key="below" if down else "above",
        weight=2.5 if down else 2.2,
        claim=(
            _("%(account)s did worse than was usual there before")
            if down
            else _("%(account)s did better than was usual there before")
        )
        % name,
        evidence=_(
            "The median of %(n)s is %(median)s reactions; before, the middle half lay at %(low)s–%(high)s (%(m)s)."
        )
        % {
            "n": words.deliveries(len(account.values)),
            "median": words.figure(median(account.values)),
            "low": words.figure(before.low),
            "high": words.figure(before.high),
            "m": words.deliveries(before.n),
        },
        so=_("Why, these numbers do not say. Fewer posts, made differently, can show it.")
        if down
        else _("Why, these numbers do not say. A little more of it shows whether it lasts."),
        ask=(
            _("Half as many posts for %(account)s until %(date)s, then look again.")
            if down
            else _("One more post a week for %(account)s until %(date)s, then look again.")
        )
        % (name | later),
        n=len(account.values) + before.n,
        samples=account.samples,
        posts=account.deliveries,
        plot=figure(
            account.values,
            band=(before.low or 0, before.high or 0),
            caption=_("Reactions to each delivery, %(account)s; the band is what was usual before")
            % {"account": account.name},
        ),
    )


def _drifted(account: AccountFact) -> float | None:
    """How far the median lies outside the earlier middle half, in medians; 0 inside, None with too few posts."""
    low, high, middle = account.before.low, account.before.high, account.before.median
    if len(account.values) < ENOUGH or low is None or high is None or not middle:
        return None
    here = median(account.values)
    if words.figure(here) in (words.figure(low), words.figure(high)):
        return 0.0  # on the page the same figure: no reader could see it
    far = (here - high) / middle if here > high else (here - low) / middle if here < low else 0.0
    return far if abs(far) >= SHIFT else 0.0


def languages(facts: Facts) -> Finding | None:
    """One language doing clearly better than another, each held against its accounts' own medians."""
    groups: dict[str, list[PostFact]] = defaultdict(list)
    for post in facts.posts:
        if post.times is not None and post.language:
            groups[post.language].append(post)
    told = {k: median(_times(p) for p in v) for k, v in groups.items() if len(v) >= ENOUGH}
    if len(told) < 2:
        return None
    best, worst = max(told, key=lambda k: told[k]), min(told, key=lambda k: told[k])
    if told[best] < 1.0 or told[worst] <= 0 or told[best] / told[worst] < APART:
        return None
    both = [*groups[best], *groups[worst]]
    names = {"best": words.language(best), "other": words.language(worst)}
    return Finding(
        key="languages",
        weight=2.0,
        claim=_("Posts in %(best)s did better than those in %(other)s") % names,
        evidence=_("Against their accounts’ medians: %(best)s %(a)s× (%(n)s), %(other)s %(b)s× (%(m)s).")
        % {
            **names,
            "a": words.times(told[best]),
            "b": words.times(told[worst]),
            "n": words.deliveries(len(groups[best])),
            "m": words.deliveries(len(groups[worst])),
        },
        so=_("It may be the language, or what was said in it: the numbers do not say which."),
        ask=_("Write the next month’s posts in %(best)s first, then carry them over.") % names,
        n=len(both),
        samples=tuple(s for p in both for s in p.samples),
        posts=tuple(p.delivery for p in both),
        plot=figure(
            [_times(p) for p in groups[best]],
            line=1.0,
            line_label=_("usual"),
            caption=_("Posts in %(best)s, in medians of their accounts") % names,
        ),
    )


def base_rate(facts: Facts) -> Finding | None:
    """How many posts flew of how many: the sober finding that remains when nothing else stands out."""
    told = facts.compared
    if len(told) < BASE_RATE:
        return None
    claim, evidence = _flew(facts)
    return Finding(
        key="base_rate",
        weight=1.0,
        claim=claim,
        evidence=evidence,
        so=_("A hit cannot be ordered; each post is another try."),
        ask=_("Keep the rhythm of posts: %(rate)s a week.") % {"rate": words.figure(facts.a_week)},
        n=len(told),
        samples=tuple(s for p in told for s in p.samples),
        posts=tuple(p.delivery for p in told),
        plot=figure(
            [p.times for p in told if p.times is not None],
            line=1.0,
            line_label=_("usual"),
            caption=_("Each delivery, in its account’s medians"),
        ),
    )


def _flew(facts: Facts) -> tuple[str, str]:
    """Claim and evidence of the base rate, of the same deliveries as the figure at the top; what is left out is said."""
    told = facts.compared
    posts, hits = len({p.post for p in told}), len({p.post for p in told if p.flew})
    said = {v: words.whole(sum(1 for p in told if p.verdict == v)) for v in ("above", "usual", "below")}
    said |= {"hits": words.whole(hits), "told": words.whole(posts), "posts": words.whole(facts.published)}
    if posts < facts.published:
        claim = (
            _("%(hits)s of the %(told)s posts that can be compared flew")
            if hits
            else _("None of the %(told)s posts that can be compared flew")
        )
    else:
        claim = _("%(hits)s of %(told)s posts flew") if hits else _("None of %(told)s posts flew")
    if len(told) < len(facts.posts):
        evidence = _(
            "%(told)s of %(posts)s posts can be compared, in %(n)s of %(all)s: %(above)s lay above their account’s usual, "
            "%(usual)s within it, %(below)s below. Flew: one of them at 3× or more."
        )
        count = {"n": words.whole(len(told)), "all": words.deliveries(len(facts.posts))}
    else:
        evidence = _(
            "Of their %(n)s, %(above)s lay above their account’s usual, %(usual)s within it, %(below)s below. Flew: one of "
            "them at 3× or more."
        )
        count = {"n": words.deliveries(len(told))}
    return claim % said, evidence % (said | count)


RULES: Final[tuple[Callable[[Facts], Finding | None], ...]] = (standout, drift, answers, languages, base_rate)


def findings(facts: Facts) -> list[Finding]:
    """At most three, the weightiest first, in the active language."""
    found = [f for rule in RULES if (f := rule(facts)) is not None]
    return sorted(found, key=lambda f: -f.weight)[:MOST]


def untold(facts: Facts) -> list[str]:
    """What could not be told, and how much is missing."""
    told = []
    if facts.posts and not any(p.usual.known and p.value is not None and not p.early for p in facts.posts):
        told.append(_incomparable(facts))
    if facts.answers.n < ENOUGH:
        told.append(
            _("Answer times: %(need)s first answers are needed, there are %(n)s.")
            % {"need": words.whole(ENOUGH), "n": words.whole(facts.answers.n)}
        )
    return told


def _incomparable(facts: Facts) -> str:
    """Why nothing can be held against a usual: no numbers at all, none of one age yet, or too few of them."""
    read = [p for p in facts.posts if p.value is not None]
    need = {"need": words.whole(NEEDED)}
    if read and all(p.early for p in read):
        return _(
            "Deliveries against their usual: all are in their first day; they are judged from the age of one day."
        )
    if not read:
        return _("Deliveries against their usual: none has numbers yet.")
    most = max(p.usual.n for p in read)
    if not most:
        return (
            _(
                "Deliveries against their usual: their numbers are too new to be compared; %(need)s of one account at the same "
                "age are needed."
            )
            % need
        )
    return _(
        "Deliveries against their usual: %(need)s of one account with numbers at the same age are needed, there are %(n)s."
    ) % (need | {"n": words.whole(most)})
