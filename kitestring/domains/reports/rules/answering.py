"""What may be said about answers: counted, never rounded up to everybody. Half is half, and who waits is told apart."""

from __future__ import annotations

from math import ceil, inf
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.rules import ENOUGH
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.facts import AnswerFacts, Facts
from kitestring.domains.reports.rules.figure import figure
from kitestring.domains.reports.rules.finding import Finding
from kitestring.ui.formats import duration

MOST_OF_ALL: Final = 0.9
HOUR, DAY = 60, 1440


def answers(facts: Facts) -> Finding | None:
    """How many first answers came within the brand's promise; one that waits past it did not."""
    here = facts.answers
    if here.n < ENOUGH:
        return None
    late, promise = here.late, duration(here.promise * 60)
    return Finding(
        key="answers_late" if late else "answers_kept",
        weight=2.8 if late else 1.5,
        claim=_claim(here) % _counted(here),
        evidence=_evidence(here),
        so=_so(here),
        ask=_late_ask(here) if late else _("Keep the promise of %(promise)s.") % {"promise": promise},
        n=here.n,
        samples=here.messages,
        of="messages",
        plot=figure(
            here.minutes,
            line=float(here.promise),
            line_label=promise,
            caption=_("Time to each first answer"),
        ),
    )


def _counted(here: AnswerFacts) -> dict[str, str]:
    return {
        "kept": words.whole(here.kept),
        "n": words.whole(here.n),
        "promise": duration(here.promise * 60),
    }


def _claim(here: AnswerFacts) -> str:
    if here.kept == here.n:
        return _("All %(n)s first answers came within the promised %(promise)s")
    if not here.kept:
        return _("None of %(n)s first answers came within the promised %(promise)s")
    return _("%(kept)s of %(n)s first answers came within the promised %(promise)s")


def _evidence(here: AnswerFacts) -> str:
    """The half, those that came late, those that have not come, and those whose time is not up: told apart."""
    told = []
    if here.median < inf and not here.overdue:  # who still waits has no span of their own yet
        half = (
            _("Half of them took %(span)s or longer.")
            if here.late
            else _("Half of them came within %(span)s.")
        )
        told.append(half % {"span": half_of(here)})
    behind = here.n - here.kept - here.overdue
    if behind:
        told.append(ngettext("%(n)s came late.", "%(n)s came late.", behind) % {"n": words.whole(behind)})
    if here.overdue:
        told.append(
            ngettext(
                "%(n)s is past the promise and has not come yet.",
                "%(n)s are past the promise and have not come yet.",
                here.overdue,
            )
            % {"n": words.whole(here.overdue)}
        )
    if early := here.waiting - here.overdue:
        told.append(
            ngettext(
                "Not counted: %(n)s who waits and whose time is not up.",
                "Not counted: %(n)s who wait and whose time is not up.",
                early,
            )
            % {"n": words.whole(early)}
        )
    if here.inbox > here.waiting:
        told.append(
            ngettext(
                "In the whole inbox %(n)s waits as this is made, from any time.",
                "In the whole inbox %(n)s wait as this is made, from any time.",
                here.inbox,
            )
            % {"n": words.whole(here.inbox)}
        )
    return words.sentences(told)


def half_of(here: AnswerFacts) -> str:
    """The median as it is said everywhere on the page: what half took at least, or at most."""
    return duration((here.median if here.late else _up(here.median)) * 60)


def _up(minutes: float) -> float:
    """Rounded up to what a duration shows: of "within 21 min" nobody took 21 and a half."""
    if minutes < 1:
        return ceil(minutes * 60) / 60
    return float(ceil(minutes) if minutes < DAY else ceil(minutes / HOUR) * HOUR)


def _so(here: AnswerFacts) -> str:
    if here.late:
        return _("As we work now, the promise does not hold.")
    if here.kept < here.n:
        return _("Most answers come in time; look at those that did not.")
    return _("The promise holds with the people we have.")


def _late_ask(here: AnswerFacts) -> str:
    """More hands, or a promise that nine of ten answers would have kept: if there is one, with how many would have."""
    every = sorted([*here.minutes, *([inf] * here.overdue)])
    nine = every[ceil(MOST_OF_ALL * len(every)) - 1]
    if nine == inf:
        return _("One more person on the inbox.")
    span = _next(nine)
    return _(
        "One more person on the inbox, or a promise of %(span)s: %(kept)s of %(n)s would have kept it."
    ) % {
        "span": duration(span * 60),
        "kept": words.whole(sum(1 for one in every if one <= span)),
        "n": words.whole(len(every)),
    }


def _next(minutes: float) -> float:
    """The next full hour, or the next full day beyond one."""
    whole = HOUR if minutes < DAY else DAY
    return (minutes // whole + 1) * whole
