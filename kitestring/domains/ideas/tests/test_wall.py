"""The idea wall: columns by how far an idea has come, and counts that follow every press."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.composing.actions.start_from_decision import start_from_decision
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.save_brief import save_brief
from kitestring.domains.ideas.actions.shortlist import shortlist
from kitestring.domains.ideas.actions.vote import vote
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def brief(world: World) -> Brief:
    written = write_brief(world.editor, world.brand, "The last loaf")
    answers = {"key_message": "Nothing is thrown away.", "response": "share"}
    return save_brief(world.editor, written.pk, answers, written.version)


@pytest.fixture
def three(world: World, brief: Brief) -> list[Idea]:
    return add_ideas(world.editor, brief.pk, ["A crust", "A crumb", "A toast"])


def parts(answer: object) -> set[str]:
    """The ids of what an answer puts in place."""
    return set(re.findall(r'id="([\w-]+)" hx-swap-oob', answer.content.decode()))


def columns(page: str) -> dict[str, list[str]]:
    """The texts in each column, by the column's name."""
    found = {}
    for part in page.split('aria-labelledby="g-')[1:]:
        found[part.split('"')[0]] = re.findall(r'<p dir="auto" lang="\w+">(.*?)</p>', part)
    return found


def test_the_wall_says_whose_ideas_they_are(
    world: World, brief: Brief, three: list[Idea], door: Door
) -> None:
    page = door(world.editor).get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert "The last loaf" in page.split("<h1")[1].split("</h1>")[0]


def test_a_first_vote_opens_every_count_and_a_later_one_changes_its_card_alone(
    world: World, three: list[Idea], door: Door
) -> None:
    client = door(world.approver)
    first = client.post(f"/ideas/{three[0].pk}/vote/", {"yes": "1"})
    assert {"wall", "wall-facts", "wall-voters", "wall-filters"} <= parts(first)
    assert first.content.decode().count('class="votes"') == 3
    assert "1 person has voted" in first.content.decode()
    later = client.post(f"/ideas/{three[1].pk}/vote/", {"yes": "1"})
    assert parts(later) == {"wall-facts", "wall-voters", f"idea-{three[1].pk}"}
    client.post(f"/ideas/{three[1].pk}/vote/", {"yes": "0"})
    closed = client.post(f"/ideas/{three[0].pk}/vote/", {"yes": "0"}).content.decode()
    assert "Votes are blind" in closed
    assert 'class="votes"' not in closed


def test_the_shortlist_is_a_column_and_the_counts_follow_at_once(
    world: World, brief: Brief, three: list[Idea], door: Door
) -> None:
    client = door(world.manager)
    answer = client.post(f"/ideas/{three[2].pk}/shortlist/", {"on": "1"})
    page = answer.content.decode()
    assert "3 ideas, 3 different, 1 shortlisted" in page
    assert columns(page) == {"short": ["A toast"], "rest": ["A crust", "A crumb"]}
    assert "decide-pick" in parts(answer)
    assert "f-reason" not in page  # a reason half typed is not touched
    shortlist(world.manager, three[0].pk, on=True)
    chosen = client.post(f"/ideas/{three[1].pk}/shortlist/", {"on": "1", "idea": str(three[2].pk)})
    assert f'value="{three[2].pk}" selected' in chosen.content.decode()
    again = client.get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert columns(again)["rest"] == []


def test_a_press_answers_in_the_language_and_order_that_were_chosen(
    world: World, brief: Brief, three: list[Idea], door: Door
) -> None:
    vote(world.manager, three[2].pk, yes=True)
    client = door(world.manager)
    answer = client.post(f"/ideas/{three[0].pk}/shortlist/?order=votes", {"on": "1"}).content.decode()
    assert columns(answer)["rest"] == ["A toast", "A crumb"]
    assert "order=votes" in answer


def test_the_decided_idea_comes_first_and_the_others_of_the_shortlist_stay_in_reserve(
    world: World, brief: Brief, three: list[Idea], door: Door
) -> None:
    for idea in three[1:]:
        shortlist(world.editor, idea.pk, on=True)
    start_from_decision(world.manager, three[2].pk, "Everybody has one.")
    page = door(world.editor).get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert list(columns(page).items()) == [
        ("won", ["A toast"]), ("short", ["A crumb"]), ("rest", ["A crust"])
    ]  # fmt: skip
    assert "Kept in reserve" in page
    assert 'class="decide"' not in page


def test_what_was_added_is_said_with_what_was_there_already(world: World, brief: Brief, door: Door) -> None:
    client = door(world.editor)
    page = client.post(
        f"/briefs/{brief.pk}/ideas/", {"ideas": "1. Bread\n2. Butter\n- bread!"}, follow=True
    ).content.decode()
    assert "3 ideas added. 1 of them repeats an earlier one and is folded under it." in page
    folded = page.split('<details class="same">')[1].split("</details>")[0]
    assert "+1 the same" in folded
    assert "bread!" in folded
    assert world.editor.name in folded
    again = client.post(f"/briefs/{brief.pk}/ideas/", {"ideas": "Jam"}, follow=True).content.decode()
    assert "1 idea added." in again


def test_an_empty_wall_counts_no_voters(world: World, brief: Brief, door: Door) -> None:
    page = door(world.editor).get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert "have voted" not in page
    assert "No ideas yet" in page


def test_the_bar_says_what_the_decision_still_waits_for_and_takes_no_reason_before(
    world: World, door: Door
) -> None:
    draft = write_brief(world.editor, world.brand, "Half a thought")
    (idea,) = add_ideas(world.editor, draft.pk, ["A crust"])
    shortlist(world.editor, idea.pk, on=True)
    client = door(world.manager)
    page = client.get(f"/briefs/{draft.pk}/ideas/").content.decode()
    assert "needs its one message" in page
    assert f'href="/briefs/{draft.pk}/#a-key_message"' in page
    assert 'name="reason"' not in page
    save_brief(world.editor, draft.pk, {"key_message": "Nothing is thrown away."}, draft.version)
    assert "needs the single response" in client.get(f"/briefs/{draft.pk}/ideas/").content.decode()


def test_a_title_is_one_line_however_it_was_pasted(world: World, brief: Brief) -> None:
    saved = save_brief(world.editor, brief.pk, {"title": "Two\nlines\r\n of it"}, brief.version)
    assert saved.title == "Two lines of it"
