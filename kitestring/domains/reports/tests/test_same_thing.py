"""What is said twice on the page is one figure; what is another figure says which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.models import Report
from kitestring.kit.clock import now
from kitestring.ui.marks import channel_name
from tests.world import World

Days = Callable[[], dict[str, Any]]


def twice_out(past: Any) -> None:
    """Six posts, each on two accounts; one flew on both."""
    here, there = past.account("Here"), past.account("There")
    for n in range(6):
        first = past.post(here, 10 + n % 3, age=20 - n)
        second = past.post(there, 10 + n % 3, age=20 - n)
        second.revision = first.revision
        second.save()
    first = past.post(here, 40, age=9)
    second = past.post(there, 40, age=9)
    second.revision = first.revision
    second.save()


def by_key(report: Report) -> dict[str, dict[str, Any]]:
    return {f["key"]: f for f in report.content["findings"]}


def test_posts_are_counted_once_and_have_one_rhythm(world: World, past: Any, days: Days) -> None:
    twice_out(past)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    rhythm, base = report.content["kpis"][3], by_key(report)["base_rate"]
    assert rhythm["value"] == "7"
    rate = rhythm["note"].split(" a week")[0]
    assert rhythm["note"] == f"{rate} a week; 14 deliveries on 2 accounts"
    assert base["claim"].startswith("1 of 7 posts flew")
    assert base["evidence"].startswith("Of their 14 deliveries, 2 lay above")
    assert len(base["titles"]) == 3
    assert base["ask"] == f"Keep the rhythm of posts: {rate} a week."


def test_what_cannot_be_compared_is_left_out_everywhere_and_said(world: World, past: Any, days: Days) -> None:
    """One account's median is zero: its posts stand above or as usual, though nothing can be divided by it."""
    twice_out(past)
    zero = past.account("Zero")
    for n in range(7):
        past.post(zero, 3 if n == 6 else 0, age=20 - n)
    past.post(past.account("New"), 5, age=4)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    standing, rhythm, base = report.content["kpis"][1], report.content["kpis"][3], by_key(report)["base_rate"]
    assert rhythm["value"] == "15"
    assert (standing["value"], base["n"]) == ("3 of 21", 21)
    assert "1 cannot be compared" in standing["note"]
    assert base["claim"].startswith("1 of the 14 posts that can be compared flew")
    assert base["evidence"].startswith(
        "14 of 15 posts can be compared, in 21 of 22 deliveries: 3 lay above their account’s usual, 14 within"
    )
    assert len(base["plot"]["dots"]) == 14


def test_weeks_ahead_are_no_part_of_the_rhythm(world: World, past: Any) -> None:
    there, today = past.account(), now().astimezone(world.brand.zone).date()
    for n in range(12):
        past.post(there, 10 + n % 3, age=13 - n)
    first, last = today - timedelta(days=13), today + timedelta(days=14)
    report = make_report(world.analyst, world.brand, starts_on=first, ends_on=last, language="en")
    rhythm = report.content["kpis"][3]
    assert (rhythm["label"], rhythm["value"]) == ("Posts published so far", "12")
    assert rhythm["note"].startswith("6 a week; ")
    assert by_key(report)["base_rate"]["ask"] == "Keep the rhythm of posts: 6 a week."


def test_who_waits_is_of_the_time_or_of_the_inbox(world: World, past: Any, days: Days) -> None:
    post = past.post(past.account(), 3)
    for n in range(5):
        past.talk(post, answered_after=5 + n)
    for _n in range(3):
        past.talk(post, answered_after=None, age=200)
    report = make_report(world.analyst, world.brand, **days(), language="en")
    assert "nobody from this time still waits" in report.content["kpis"][2]["note"]
    evidence = by_key(report)["answers_kept"]["evidence"]
    assert evidence.endswith("In the whole inbox 3 wait as this is made, from any time.")
    assert "past the promise" not in evidence


def test_an_account_is_told_from_its_namesake(world: World, past: Any, days: Days) -> None:
    there = past.account("Crumb")
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3)
    claim = by_key(make_report(world.analyst, world.brand, **days(), language="en"))["standout"]["claim"]
    assert f"Crumb on {channel_name(there)}" in claim


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_a_figures_note_is_short_and_its_reason_at_the_foot(
    world: World, past: Any, days: Days, language: str
) -> None:
    campaign = Campaign.objects.create(brand=world.brand, name="Tết", goal_metric="likes", goal_value=3000)
    silent = next(
        c for c in registry.connectors().values() if any(m.key == "likes" for m in c.manifest.missing)
    )
    past.post(past.account(), 60, campaign=campaign)
    past.post(past.account(name="Two", channel=silent.manifest.slug), None, campaign=campaign)
    report = make_report(world.analyst, world.brand, campaign=campaign, **days(), language=language)
    assert all(len(kpi["note"]) <= 70 for kpi in report.content["kpis"])
    why = next(m.why.in_(language) for m in silent.manifest.missing if m.key == "likes")
    assert why[:20] in report.content["foot"]
