"""What may be claimed: each finding needs its own samples; with too few it says so and asks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from statistics import median
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.rules import ENOUGH
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.facts import AccountFact, Facts, PostFact
from kitestring.domains.reports.rules.figure import figure
from kitestring.ui.formats import duration

MOST: Final = 3
STANDS_OUT: Final = 2.0
APART: Final = 1.5
BASE_RATE: Final = 10
LONGEST_WAIT: Final = 60 * 24 * 365.0


@dataclass(frozen=True)
class Finding:
    """`weight` orders findings; `samples` are ids of samples (or of messages, where `of` says so)."""

    key: str
    weight: float
    claim: str
    evidence: str
    so: str
    ask: str
    n: int
    samples: tuple[str, ...]
    plot: dict[str, Any]
    posts: tuple[str, ...] = ()
    of: str = "samples"


def standout(facts: Facts) -> Finding | None:
    """The post furthest above its own account's median, from twice that on."""
    best = max((p for p in facts.posts if p.verdict == "above" and p.times), key=_times, default=None)
    if best is None or _times(best) < STANDS_OUT or best.then is None or best.usual.median is None:
        return None
    own = [p for p in facts.posts if p.account == best.account and p.then is not None]
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
        so=_("This made people stop. It is one post: repeat it before you believe it."),
        ask=_("A follow-up within two weeks, in place of one planned post."),
        n=scale.n,
        samples=best.samples,
        posts=(best.delivery,),
        plot=figure(
            [p.then for p in own if p.then is not None],
            band=(scale.low or 0, scale.high or 0),
            mark=own.index(best),
            label=words.figure(best.then),
            caption=_("Reactions to each delivery on %(account)s; the band is the usual")
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
        claim=(_("%(account)s stayed below its own usual") if down else _("%(account)s rose above its usual"))
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
        so=_("More of the same will not change it; fewer posts, made differently, will tell us more.")
        if down
        else _("What changed there works; it deserves more of the week."),
        ask=(
            _("Half as many posts on %(account)s until %(date)s, then look again.")
            if down
            else _("One more post a week on %(account)s until %(date)s, then look again.")
        )
        % (name | later),
        n=len(account.values) + before.n,
        samples=account.samples,
        posts=account.deliveries,
        plot=figure(
            account.values,
            band=(before.low or 0, before.high or 0),
            caption=_("Reactions to each delivery; the band is what was usual before"),
        ),
    )


def _drifted(account: AccountFact) -> float | None:
    """How far the median lies outside the earlier middle half, in medians; 0 inside, None with too few posts."""
    low, high, middle = account.before.low, account.before.high, account.before.median
    if len(account.values) < ENOUGH or low is None or high is None or not middle:
        return None
    here = median(account.values)
    return (here - high) / middle if here > high else (here - low) / middle if here < low else 0.0


def answers(facts: Facts) -> Finding | None:
    """The median time to the first answer against the brand's promise; whoever waits past it counts as late."""
    here = facts.answers
    if here.n < ENOUGH:
        return None
    span, late = here.median, here.late
    said = {"span": duration(min(span, LONGEST_WAIT) * 60), "promise": duration(here.promise * 60)}
    kept = sum(1 for m in here.minutes if m <= here.promise)
    more = {"kept": words.whole(kept), "n": words.whole(here.n), "waiting": words.still_waiting(here.waiting)}
    evidence = _("%(kept)s of %(n)s who wrote in this time were answered in time; %(waiting)s.") % more
    if here.inbox != here.waiting:
        now = _("Whenever they wrote, %(n)s wait in the whole inbox as this is made.")
        evidence = _("%(one)s %(two)s") % {"one": evidence, "two": now % {"n": words.whole(here.inbox)}}
    if not late:
        claim = _("People were answered in %(span)s; the promise is %(promise)s")
    elif span == inf:
        claim = _("More than half of those who wrote wait longer than the promised %(promise)s")
    else:
        claim = _("People waited %(span)s for an answer; the promise is %(promise)s")
    return Finding(
        key="answers_late" if late else "answers_kept",
        weight=2.8 if late else 1.5,
        claim=claim % said,
        evidence=evidence,
        so=_("A late answer is read by everyone below it. More hands, or another promise.")
        if late
        else _("The promise holds with the people we have."),
        ask=_late_ask(span) if late else _("Keep the promise of %(promise)s.") % said,
        n=here.n,
        samples=here.messages,
        of="messages",
        plot=figure(
            here.minutes,
            line=float(here.promise),
            line_label=said["promise"],
            caption=_("Time to each first answer"),
        ),
    )


def _late_ask(span: float) -> str:
    if span == inf:
        return _("One more person on the inbox.")
    return _("One more person on the inbox, or a promise of %(span)s.") % {
        "span": duration(_honest(span) * 60)
    }


def _honest(minutes: float) -> float:
    """A promise that would have been kept: the next full hour, or the next full day beyond one."""
    whole = 60 if minutes < 1440 else 1440
    return (minutes // whole + 1) * whole


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
        so=_("The people here answer to %(best)s first.") % names,
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
        so=_("A hit cannot be ordered; a steady rhythm buys the chances."),
        ask=_("Keep the rhythm of %(rate)s posts a week.") % {"rate": words.figure(facts.a_week)},
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
        claim = _("%(hits)s of the %(told)s posts that can be compared flew; the others did what posts do")
    else:
        claim = ngettext(
            "%(hits)s of %(n)s posts flew; the others did what posts do",
            "%(hits)s of %(n)s posts flew; the others did what posts do",
            hits,
        )
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
    return claim % (said | {"n": words.whole(posts)}), evidence % (said | count)


RULES: Final[tuple[Callable[[Facts], Finding | None], ...]] = (standout, drift, answers, languages, base_rate)


def findings(facts: Facts) -> list[Finding]:
    """At most three, the weightiest first, in the active language."""
    found = [f for rule in RULES if (f := rule(facts)) is not None]
    return sorted(found, key=lambda f: -f.weight)[:MOST]


def untold(facts: Facts) -> list[str]:
    """What could not be told, and how much is missing."""
    told = []
    need = {"need": words.whole(ENOUGH)}
    if not any(p.usual.known and p.value is not None for p in facts.posts):
        most = max((p.usual.n for p in facts.posts if p.value is not None), default=0)
        told.append(
            _(
                "Deliveries against their usual: %(n)s with numbers on one account so far, more than %(need)s are needed."
            )
            % (need | {"n": words.whole(most)})
        )
    if len(facts.answers.minutes) < ENOUGH:
        told.append(
            _("Answer times: %(n)s first answers so far, %(need)s are needed.")
            % (need | {"n": words.whole(len(facts.answers.minutes))})
        )
    return told
