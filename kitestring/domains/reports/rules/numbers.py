"""The accounts' own numbers on the page: a line for each that was measured at both ends, and why the others were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.rules import account_metric_means, metric_name
from kitestring.domains.reports.rules import words
from kitestring.domains.reports.rules.facts import NumberFact

MOST: Final = 6  # lines; a report is one page
NAMED: Final = 8  # accounts named with their reason
MINUS: Final = "−"


def numbers(facts: Sequence[NumberFact]) -> dict[str, Any] | None:
    """The part of the page in the active language; None where the report is of no account. Largest change first."""
    if not facts:
        return None
    told = sorted((one for one in facts if one.last), key=lambda one: -abs(_by(one)))
    without = [one for one in facts if not one.last]
    return {
        "title": _("The accounts themselves"),
        "rows": [_row(one) for one in told[:MOST]],
        "notes": [*_more(told), *_without(without), *_means(told)],
        "samples": [key for one in told for key in one.samples],
    }


def _by(one: NumberFact) -> float:
    return one.last[1] - one.first[1] if one.first and one.last else 0.0


def _row(one: NumberFact) -> dict[str, str]:
    (first, before), (last, now) = one.first or (None, 0.0), one.last or (None, 0.0)
    days = {"first": words.day(first) if first else "", "last": words.day(last) if last else ""}
    return {
        "account": one.name,
        "what": metric_name(one.metric),
        "before": words.whole(before),
        "now": words.whole(now),
        "by": change(_by(one)),
        "days": _("%(first)s – %(last)s") % days,
    }


def change(by: float) -> str:
    """ "+12", "−3", "±0"."""
    if round(by) == 0:
        return "±0"
    return f"{'+' if by > 0 else MINUS}{words.whole(abs(by))}"


def _more(told: Sequence[NumberFact]) -> list[str]:
    more = len(told) - MOST
    if more <= 0:
        return []
    said = ngettext(
        "%(n)s more account was measured; it changed less.",
        "%(n)s more accounts were measured; they changed less.",
        more,
    )
    return [said % {"n": words.whole(more)}]


def _without(facts: Sequence[NumberFact]) -> list[str]:
    """Which accounts have none, those with one reason together."""
    if not facts:
        return []
    reasons: dict[str, list[str]] = {}
    for one in facts[:NAMED]:
        reasons.setdefault(one.why, []).append(one.name)
    # Translators: between the things of a list, as in "2 lines, the pictures"
    said = [
        _("%(accounts)s (%(why)s)") % {"accounts": _(", ").join(names), "why": why}
        for why, names in reasons.items()
    ]
    if more := len(facts) - NAMED:
        said += [ngettext("%(n)s more", "%(n)s more", more) % {"n": words.whole(more)}] if more > 0 else []
    return [_("Not measured at both ends: %(list)s.") % {"list": _("; ").join(said)}]


def _means(told: Sequence[NumberFact]) -> list[str]:
    """What each number on the page counts, once."""
    shown = dict.fromkeys(one.metric for one in told[:MOST])
    said = [
        _("%(name)s: %(means)s") % {"name": metric_name(key), "means": account_metric_means(key)}
        for key in shown
    ]
    if said:
        said.append(
            _("Read once a day; an end is that day, or the nearest reading at most two days from it.")
        )
    return said
