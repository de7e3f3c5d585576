"""Every sentence a report can make of itself, at the edges of its figures: none, one, half, all, equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from kitestring.domains.analytics.rules import Goal, Usual, judge, usual
from kitestring.domains.reports.rules.content import compose
from kitestring.domains.reports.rules.facts import AccountFact, AnswerFacts, Facts, PostFact
from kitestring.domains.reports.rules.figure import figure

TODAY = date(2026, 11, 28)
NO_ONE = AnswerFacts((), waiting=0, overdue=0, inbox=0, promise=30, messages=())
NO_GOAL = Goal("engagement", None, 0.0, 0, 0, "", ())


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def facts(*posts: PostFact, answers: AnswerFacts = NO_ONE, **more: Any) -> Facts:
    goal = replace(NO_GOAL, posts=len(posts), counted=len(posts))
    given = {
        "accounts": (),
        "goal": goal,
        "starts_on": TODAY - timedelta(days=27),
        "ends_on": TODAY,
        "today": TODAY,
    }
    return Facts(posts=posts, answers=answers, **(given | more))


def post(name: str, then: float | None, scale: Usual, *, value: float | None = None) -> PostFact:
    times = then / scale.median if then is not None and scale.median else None
    return PostFact(
        name, name, name, "a", "Crumb on Bluesky", "en", TODAY, then if value is None else value, then, scale,
        judge(then, scale), times, (),
    )  # fmt: skip


def answered(*minutes: float, waiting: int = 0, overdue: int = 0, inbox: int | None = None) -> AnswerFacts:
    return AnswerFacts(minutes, waiting, overdue, waiting if inbox is None else inbox, 30, ())


def told(here: Facts) -> dict[str, Any]:
    return compose(here, language="en")


def finding(here: Facts, key: str) -> dict[str, str]:
    return next(f for f in told(here)["findings"] if f["key"] == key)


@pytest.mark.parametrize(
    ("given", "claim", "evidence", "so"),
    [
        (
            answered(21, 21, 21, 21, 21),
            "All 5 first answers came within the promised 30 min",
            "Half of them came within 21 min.",
            "The promise holds with the people we have.",
        ),
        (
            answered(5, 20.5, 20.5, 20.5, 600),
            "4 of 5 first answers came within the promised 30 min",
            "Half of them came within 21 min. 1 came late.",
            "Most answers come in time; look at those that did not.",
        ),
        (  # exactly half: not "more than half", and not "the promise holds"
            answered(5, 6, 7, waiting=3, overdue=3, inbox=9),
            "3 of 6 first answers came within the promised 30 min",
            "3 are past the promise and have not come yet. In the whole inbox 9 wait as this is made, from any time.",
            "As we work now, the promise does not hold.",
        ),
        (
            answered(40, 50, 60, 70, 80),
            "None of 5 first answers came within the promised 30 min",
            "Half of them took 1 h or longer. 5 came late.",
            "As we work now, the promise does not hold.",
        ),
        (  # twenty who wrote a minute ago are nobody's answer in time
            answered(1, 1, 1, 1, 1, waiting=20),
            "All 5 first answers came within the promised 30 min",
            "Half of them came within 1 min. Not counted: 20 who wait and whose time is not up.",
            "The promise holds with the people we have.",
        ),
    ],
)
def test_answers_are_counted(given: AnswerFacts, claim: str, evidence: str, so: str) -> None:
    page = told(facts(answers=given))
    said = page["findings"][0]
    if "Half of them" in evidence:  # one median on the page, however it is rounded
        assert f"{page['kpis'][2]['value']}" in evidence
    assert (said["claim"], said["evidence"], said["so"]) == (claim, evidence, so)


def test_a_report_judges_no_first_day() -> None:
    """Flown by the figures, but five minutes old: in no finding, in no share, in no picture; and said."""
    scale = usual([1.0] * 8)
    old = [post(f"p{n}", 1, scale) for n in range(10)]
    young = replace(post("young", 3, scale), verdict="early", times=None)
    page = told(facts(*old, young))
    (only,) = page["findings"]
    assert only["claim"] == "None of the 10 posts that can be compared flew"
    assert page["kpis"][1]["value"] == "0 of 10"
    assert page["kpis"][1]["note"] == "10 as usual, 0 below, 1 too early to tell"
    hit = post("hit", 9, scale)
    (found,) = [f for f in told(facts(*old, hit, young))["findings"] if f["key"] == "standout"]
    assert len(found["plot"]["dots"]) == 10
    assert told(facts(young))["untold"][0] == (
        "Deliveries against their usual: all are in their first day; they are judged from the age of one day."
    )


def test_a_promise_is_proposed_with_how_many_would_have_kept_it() -> None:
    slow = answered(*[40.0 + n for n in range(8)], 100, 3000)
    asked = finding(facts(answers=slow), "answers_late")["ask"]
    assert asked == "One more person on the inbox, or a promise of 2 h: 9 of 10 would have kept it."
    waits = answered(1, 40, 40, waiting=3, overdue=3)
    assert finding(facts(answers=waits), "answers_late")["ask"] == "One more person on the inbox."


def test_an_answer_finding_is_not_called_too_few() -> None:
    """Known are those that came and those that are past the promise: of seven nobody says that five are needed."""
    page = told(facts(answers=answered(5, 6, 7, waiting=4, overdue=4)))
    assert [f["key"] for f in page["findings"]] == ["answers_late"]
    assert page["untold"] == []
    assert told(facts())["untold"] == ["Answer times: 5 first answers are needed, there are 0."]
    assert told(facts())["kpis"][2]["note"] == "no answer was due"


@pytest.mark.parametrize(
    ("reached", "claim"),
    [
        (0, "None of 12 posts flew"),
        (1, "1 of 12 posts flew"),
        (12, "12 of 12 posts flew"),
    ],
)
def test_the_base_rate(reached: int, claim: str) -> None:
    scale = Usual(
        20, 8.0, 10.0, 40.0
    )  # 30 is three times the median and still inside: it flew, and stands out nowhere
    here = facts(*(post(str(n), 30.0 if n < reached else 10.0, scale) for n in range(12)))
    assert finding(here, "base_rate")["claim"] == claim


def test_the_base_rate_names_what_it_was_held_against() -> None:
    scale = Usual(20, 8.0, 10.0, 12.0)
    here = facts(*(post(str(n), 10.0, scale) for n in range(10)), post("young", None, scale))
    assert finding(here, "base_rate")["claim"] == "None of the 10 posts that can be compared flew"


def test_an_account_that_moved_is_not_explained() -> None:
    before, there = usual([10.0] * 6), [20.0] * 6
    up = finding(facts(accounts=(AccountFact("Crumb", tuple(there), before, (), ()),)), "above")
    assert up["claim"] == "Crumb did better than was usual there before"
    assert up["so"] == "Why, these numbers do not say. A little more of it shows whether it lasts."
    down = finding(facts(accounts=(AccountFact("Crumb", (1.0,) * 6, before, (), ()),)), "below")
    assert down["claim"] == "Crumb did worse than was usual there before"
    assert "do not say" in down["so"]


def test_a_move_that_no_figure_shows_is_none() -> None:
    before = Usual(9, 100.0, 110.0, 120.2)
    assert told(facts(accounts=(AccountFact("Crumb", (120.4,) * 6, before, (), ()),)))["findings"] == []


def test_times_and_median_can_be_divided_again() -> None:
    scale = Usual(20, 11.0, 11.5, 12.0)
    said = finding(facts(post("Hit", 120.0, scale)), "standout")
    assert "10.4×" in said["claim"]
    assert "median is 11.5" in said["evidence"]


def test_the_number_needed_is_the_number_said() -> None:
    five = usual([1.0] * 5)
    page = told(facts(*(post(str(n), 1.0, five) for n in range(5))))
    assert page["kpis"][1]["note"] == "too few to tell: 6 on one account are needed"
    assert page["untold"][0].endswith(
        "6 of one account with numbers at the same age are needed, there are 5."
    )
    fresh = told(facts(post("now", None, Usual(0), value=7.0)))
    assert "too new to be compared; 6 of one account" in fresh["untold"][0]
    assert told(facts(post("now", None, Usual(0))))["untold"][0].endswith("none has numbers yet.")


def test_the_title_of_a_page_without_findings() -> None:
    scale = Usual(20, 8.0, 10.0, 12.0)
    assert told(facts())["title"] == "Nothing was published in this period"
    assert told(facts(post("one", 10.0, Usual(2))))["title"] == "Too few to tell yet: nothing is asked"
    assert (
        told(facts(post("one", 10.0, scale)))["title"] == "Nothing stood out from the usual: nothing is asked"
    )


def test_a_goal_says_what_it_was_counted_from() -> None:
    goal = Goal("likes", 100.0, 85.0, 1, 2, "it has not been read yet", ())
    here = facts(post("a", 1.0, Usual(1)), post("b", None, Usual(1)), goal=goal)
    assert told(here)["title"] == "Likes: 85 of the 100 aimed for, from 1 of 2 deliveries"
    nothing = facts(goal=replace(goal, value=None, counted=0, posts=0, why=""))
    assert told(nothing)["title"] == "Nothing was published in this period"
    assert told(nothing)["kpis"][0]["note"] == "nothing was published"


def test_a_picture_that_has_no_room_says_so() -> None:
    drawn = figure([1.0] * 100, mark=45, label="1", caption="Reactions")
    assert drawn["mark"] is not None
    assert drawn["caption"] == "Reactions (40 of 100 shown)"
    assert figure([1.0] * 40, caption="Reactions")["caption"] == "Reactions"


def test_only_the_newest_are_counted_and_that_is_said() -> None:
    here = facts(post("a", 1.0, Usual(1)), all_posts=812)
    assert "the newest of 812 deliveries" in told(here)["kpis"][3]["note"]


def test_a_median_a_hair_outside_asks_nobody_to_decide() -> None:
    before = Usual(15, 77.0, 96.0, 119.0)

    def found(value: float) -> list[str]:
        there = AccountFact("Crumb", (value,) * 7, before, (), ())
        return [f["key"] for f in told(facts(accounts=(there,)))["findings"]]

    assert found(121) == []
    assert found(130) == ["above"]
    assert found(60) == ["below"]


@pytest.mark.parametrize(
    ("of_campaign", "whose"), [(True, "of this campaign alone"), (False, "of the whole brand")]
)
def test_every_figure_says_what_it_counts(of_campaign: bool, whose: str) -> None:
    """Answers are counted in answers, deliveries in deliveries; and the page says of whom and of when they all are."""
    page = told(facts(answers=answered(*[20] * 84), of_campaign=of_campaign))
    assert page["kpis"][2]["note"].startswith("median of 84 first answers;")
    assert page["foot"].startswith(
        f"Where nothing else is said, a figure is {whose}: its deliveries from 1 Nov 2026 to 28 Nov 2026"
    )


def test_a_hit_does_not_flatten_the_usual() -> None:
    """Beside thirteen times the usual, the middle half and the posts in it are still to be seen."""
    scale = Usual(11, 12.5, 23.0, 24.5)
    old = [post(f"p{n}", 12.0 + n, scale) for n in range(6)]
    plot = finding(facts(*old, post("hit", 308, scale)), "standout")["plot"]
    assert plot["band"][1] > 2.5
    assert max(y for _x, y in plot["dots"]) - min(y for _x, y in plot["dots"]) > 1.5
