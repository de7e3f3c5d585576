"""The page, frozen: title, figures, findings and the decision asked, as plain words in the report's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import inf
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.rules import ENOUGH, HIT, NEEDED, Goal, metric_name
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.answering import half_of
from kitestring.domains.reports.rules.facts import AnswerFacts, Facts
from kitestring.domains.reports.rules.finding import Finding
from kitestring.domains.reports.rules.findings import findings, untold
from kitestring.domains.reports.rules.numbers import numbers
from kitestring.ui.formats import MISSING, duration

LOOK_AGAIN: Final = 4
LINKED: Final = 3
LONGEST_TITLE: Final = 150
CHINESE_COUNT: Final = ("一", "二", "三")


def compose(facts: Facts, *, language: str) -> dict[str, Any]:
    """Everything the page says, in the active language (`language` is its code), with the ids of what stands under it."""
    found = findings(facts)
    return {
        "title": title(facts, found),
        "result": _result(facts.goal),
        "kpis": [_goal(facts.goal), _standing(facts), _answers(facts.answers), _rhythm(facts)],
        "findings": [_frozen(f, n, language, facts) for n, f in enumerate(found)],
        "untold": untold(facts) if len(found) < len(CHINESE_COUNT) else [],
        "numbers": numbers(facts.numbers),
        "ask": _ask(facts, found),
        "foot": _foot(facts),
        "labels": _labels(),
    }


def _frozen(finding: Finding, place: int, language: str, facts: Facts) -> dict[str, Any]:
    """One finding as it is kept, with the titles of the posts that its page links to."""
    called = {p.delivery: p.title for p in facts.posts}
    return asdict(finding) | {
        "no": numeral(place, language),
        "samples": list(finding.samples),
        "posts": list(finding.posts),
        "titles": {key: called[key] for key in finding.posts[:LINKED] if called.get(key)},
    }


def numeral(place: int, language: str) -> str:
    return f"{CHINESE_COUNT[place]}、" if language.startswith("zh") else f"{place + 1}. "


def title(facts: Facts, found: Sequence[Finding]) -> str:
    """The conclusion: the goal's result, and the weightiest finding."""
    goal, claim = _result(facts.goal), found[0].claim if found else ""
    if goal or claim:
        return joined(goal, claim)
    if not facts.posts:
        return _("Nothing was published in this period")
    if facts.compared:
        return _("Nothing stood out from the usual: nothing is asked")
    return _("Too few to tell yet: nothing is asked")


def joined(goal: str, claim: str) -> str:
    """Result and finding as one conclusion; the result alone when both together are no title any more."""
    if not goal or not claim:
        return goal or claim
    both = _("%(result)s; %(finding)s") % {"result": goal, "finding": claim}
    return both if len(both) <= LONGEST_TITLE else goal


def _result(goal: Goal) -> str:
    if goal.goal is None or not goal.posts:
        return ""
    said = {
        "what": metric_name(goal.metric),
        "goal": words.figure(goal.goal),
        "value": words.figure(goal.value),
    }
    if goal.value is None:
        return _("%(what)s: goal %(goal)s, the result is missing") % said
    if goal.value >= goal.goal:
        return _("%(what)s: %(value)s, the goal of %(goal)s is reached") % said
    result = _("%(what)s: %(value)s of the %(goal)s aimed for") % said
    if goal.counted < goal.posts:
        return _("%(one)s, %(two)s") % {"one": result, "two": _counted(goal)}
    return result


def _counted(goal: Goal) -> str:
    return _("from %(n)s of %(m)s deliveries") % {
        "n": words.whole(goal.counted),
        "m": words.whole(goal.posts),
    }


def _cell(label: str, value: str, note: str, tone: str = "", samples: Sequence[str] = ()) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, "tone": tone, "samples": list(samples)}


def _goal(goal: Goal) -> dict[str, Any]:
    what = metric_name(goal.metric)
    label = (
        _("%(what)s, no goal set") % {"what": what}
        if goal.goal is None
        else _("%(what)s, goal %(goal)s") % {"what": what, "goal": words.figure(goal.goal)}
    )
    if not goal.posts:
        return _cell(label, MISSING, _("nothing was published"))
    if goal.value is None:
        return _cell(label, _("missing"), _("why, stands at the foot"), "warn")
    note, tone = "", ""
    if goal.goal is not None:
        short = goal.goal - goal.value
        note = _("reached") if short <= 0 else _("%(n)s short of it") % {"n": words.figure(short)}
        tone = "" if short <= 0 else "danger"
    if goal.counted < goal.posts:
        part = _counted(goal)
        note = _("%(one)s, %(two)s") % {"one": note, "two": part} if note else part
    return _cell(label, words.figure(goal.value), note or words.deliveries(goal.posts), tone, goal.samples)


def _standing(facts: Facts) -> dict[str, Any]:
    label = _("Deliveries above their account’s usual")
    told = facts.compared
    if not told:
        few = _("too few to tell: %(n)s on one account are needed")
        return _cell(label, MISSING, few % {"n": words.whole(NEEDED)})
    count = {v: words.whole(sum(1 for p in told if p.verdict == v)) for v in ("above", "usual", "below")}
    of = _("%(n)s of %(m)s") % {"n": count["above"], "m": words.whole(len(told))}
    note = _("%(usual)s as usual, %(below)s below") % count
    early = sum(1 for p in facts.posts if p.early)
    left = len(facts.posts) - len(told) - early
    parts = [_("%(n)s too early to tell") % {"n": words.whole(early)}] if early else []
    parts += [_("%(n)s cannot be compared") % {"n": words.whole(left)}] if left else []
    for part in parts:
        note = _("%(one)s, %(two)s") % {"one": note, "two": part}
    return _cell(label, of, note, samples=[s for p in told for s in p.samples])


def _answers(answers: AnswerFacts) -> dict[str, Any]:
    label = _("First answer, promise %(span)s") % {"span": duration(answers.promise * 60)}
    waiting = words.still_waiting(answers.waiting)
    if not answers.n:
        return _cell(label, MISSING, waiting if answers.waiting else _("no answer was due"))
    few = answers.n < ENOUGH
    told = {"n": words.whole(answers.n), "waiting": waiting}
    note = (
        _("median of %(n)s first answers, too few to tell; %(waiting)s")
        if few
        else _("median of %(n)s first answers; %(waiting)s")
    ) % told
    tone = "danger" if answers.late and not few else ""
    promise = duration(answers.promise * 60)
    value = half_of(answers) if answers.median < inf else _("over %(span)s") % {"span": promise}
    return _cell(label, value, note, tone, answers.messages)


def _rhythm(facts: Facts) -> dict[str, Any]:
    accounts = len({p.account for p in facts.posts})
    note = ngettext(
        "%(rate)s a week; %(deliveries)s on %(n)s account",
        "%(rate)s a week; %(deliveries)s on %(n)s accounts",
        accounts,
    ) % {
        "rate": words.figure(facts.a_week),
        "deliveries": words.deliveries(len(facts.posts)),
        "n": words.whole(accounts),
    }
    if facts.all_posts:
        part = _("the newest of %(deliveries)s") % {"deliveries": words.deliveries(facts.all_posts)}
        note = _("%(one)s, %(two)s") % {"one": note, "two": part}
    label = _("Posts published so far") if facts.running else _("Posts published")
    return _cell(label, words.whole(facts.published), note)


def _ask(facts: Facts, found: Sequence[Finding]) -> dict[str, Any] | None:
    if not found:
        return None
    again = {"date": words.day(words.in_weeks(facts.today, LOOK_AGAIN))}
    return {
        "options": [
            {"key": "as_proposed", "title": _("As proposed (recommended)"), "items": [f.ask for f in found]},
            {
                "key": "leave",
                "title": _("Leave it as it is"),
                "items": [_("Nothing changes now. We look again on %(date)s.") % again],
            },
        ]
    }


def _scope(facts: Facts) -> str:
    """Whose figures these are, and of when: every one on the page, but for the usual, which says its own time."""
    said = (
        _(
            "Where nothing else is said, a figure is of this campaign alone: its deliveries from %(first)s to %(last)s, and "
            "what people wrote under them in that time."
        )
        if facts.of_campaign
        else _(
            "Where nothing else is said, a figure is of the whole brand: its deliveries from %(first)s to %(last)s on all "
            "accounts, and what people wrote there in that time."
        )
    )
    return said % {"first": words.day(facts.starts_on), "last": words.day(facts.ends_on)}


def _foot(facts: Facts) -> str:
    goal = facts.goal
    said = _(
        "Delivery = one post on one account. Reactions = likes, replies, reposts, quotes, saves, shares and clicks, as each "
        "channel’s own interface reported them. Usual = the middle half of what the account published in 180 days, at the "
        "same age (seven days at most), those over five medians left out; “× the usual” is times its median. In its first "
        "day a delivery is not judged. Flew = %(hit)s× or more. First answer = from the oldest unanswered message of this "
        "time to our next published word. Pictures: the oldest at the left, heights by the square root."
    ) % {"hit": words.figure(HIT)}
    said = words.sentences([_scope(facts), said])
    if goal.counted == goal.posts or not goal.why:
        return said
    missing = _("%(what)s missing: %(why)s.") % {"what": metric_name(goal.metric), "why": goal.why}
    return words.sentences([said, missing])


def _labels() -> dict[str, str]:
    return {
        "so": _("So"),
        "ask": _("Asked"),
        "decide": _("Please decide"),
        "choice": _("Choice"),
        "sign": _("Signature"),
        "date": _("Date"),
        "few": _("Too few to tell"),
        "nothing_asked": _("No decision is asked on this."),
    }
