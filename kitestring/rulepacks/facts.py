"""Holds rules against what is known besides the text: a campaign's settings, a partner's record, a file's origin.

A fact that is not in the mapping is unknown, and what is unknown is not judged; None, "" and an empty list are known to
be missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from kitestring.rulepacks.model import Condition, Rule, Wanted

Facts = Mapping[str, object]


def hold(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Whether every condition is known to be so."""
    return not conditions or all(_holds(condition, facts) for condition in conditions)


def missing(rule: Rule, facts: Facts) -> list[Wanted]:
    """What the rule wants and is known to be empty."""
    return [one for one in rule.wants if one.fact in facts and facts[one.fact] in (None, "", False, [], ())]


def _holds(condition: Condition, facts: Facts) -> bool:
    if condition.fact not in facts:
        return False
    value = facts[condition.fact]
    if condition.is_ is not None:
        return value == condition.is_
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return (
        value > condition.over
        if condition.over is not None
        else condition.under is not None and value < condition.under
    )
