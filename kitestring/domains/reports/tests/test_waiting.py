"""A quick answer to some does not hide those who still wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kitestring.domains.reports.actions.make_report import make_report
from tests.world import World


def test_those_who_wait_past_the_promise_count_as_late(
    world: World, past: Any, days: Callable[[], dict[str, Any]]
) -> None:
    post = past.post(past.account(), 3)
    for n in range(3):
        past.talk(post, answered_after=5 + n)
    for _n in range(4):
        past.talk(post, answered_after=None, age=3)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    finding = report.content["findings"][0]
    assert finding["key"] == "answers_late"
    assert "3 of 7" in finding["claim"]
    assert report.content["kpis"][2]["value"] == "over 4 h"


def test_languages_are_told_when_both_have_enough(
    world: World, past: Any, days: Callable[[], dict[str, Any]]
) -> None:
    there = past.account()
    for n in range(7):
        past.post(there, 40 + n, age=10 + n, language="vi")
        past.post(there, 10 + n, age=10.5 + n, language="zh-hans")
    report = make_report(world.analyst, world.brand, **days(), language="en")
    told = {f["key"]: f for f in report.content["findings"]}
    assert "Vietnamese" in told["languages"]["claim"]
    assert len(told["languages"]["posts"]) == 14
