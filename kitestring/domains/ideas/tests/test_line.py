"""From the brief to the decision, at the promised door."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kitestring.domains.composing.actions.start_from_decision import start_from_decision
from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.decide import decide
from kitestring.domains.ideas.actions.save_brief import save_brief
from kitestring.domains.ideas.actions.shortlist import shortlist
from kitestring.domains.ideas.actions.vote import vote
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Brief, Decision, Idea, Vote
from kitestring.domains.ideas.queries import ideas_of
from kitestring.domains.ideas.rules import lines_of, rows_of, second_verbs
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def brief(world: World) -> Brief:
    written = write_brief(world.editor, world.brand, "冬至，一个人也能围炉")
    answers = {
        "key_message": "一只小炉，够一个人过冬。",
        "response": "share",
        "response_object": "晒出你的小炉",
    }
    return save_brief(world.editor, written.pk, answers, written.version)


def test_two_members_are_never_taken_for_one_page(world: World, brief: Brief) -> None:
    mine = save_brief(world.editor, brief.pk, {"insight": "Cold hands"}, brief.version, "a-copied-tab")
    with pytest.raises(Conflict):
        save_brief(world.manager, brief.pk, {"insight": "Warm hands"}, brief.version, "a-copied-tab")
    again = save_brief(world.editor, brief.pk, {"insight": "Cold feet"}, brief.version, "a-copied-tab")
    assert (again.insight, again.version) == ("Cold feet", mine.version + 1)


def test_words_left_in_a_browser_are_their_writers(world: World, brief: Brief, door: Door) -> None:
    """Two who share a browser never find each other's unsaved words in their own form."""
    shelves = set()
    for one in (world.manager, world.editor):
        page = door(one).get(f"/briefs/{brief.pk}/").content.decode()
        shelves.add(page.partition('data-shelf="')[2].partition('"')[0])
    assert shelves == {f"brief:{brief.pk}:{world.manager.pk}", f"brief:{brief.pk}:{world.editor.pk}"}


def test_stores_nothing_but_one_of_eight_responses(world: World, brief: Brief) -> None:
    with pytest.raises(Refusal) as refused:
        save_brief(world.editor, brief.pk, {"response": "share,buy"}, brief.version)
    assert refused.value.field == "response"
    with pytest.raises(IntegrityError), transaction.atomic():
        Brief.objects.filter(pk=brief.pk).update(response="share,buy")


@pytest.mark.parametrize(
    ("sentence", "response", "second"),
    [
        ("收藏这篇，当晚照着煮一壶；再去小程序预约一个单人位。", "read", ["预约"]),
        ("转发给朋友，再到店购买，评论区留言。", "share", ["到店", "购买", "评论", "留言"]),
        ("Tag a friend and visit the shop", "share", ["visit"]),
        ("Share it, then visit us, order one, and follow. Order now!", "share", ["visit", "order", "follow"]),
        ("Lưu lại rồi ghé quán cuối tuần", "read", ["ghé"]),
        ("Chia sẻ, bình luận rồi theo dõi quán", "share", ["bình luận", "theo dõi"]),
        ("the recipe, with one friend", "share", []),
        ("chia sẻ với một người bạn", "share", []),
        ("bookshelf photos", "share", []),
        ("购买一份", "buy", []),
    ],
)
def test_every_further_verb_is_noticed(sentence: str, response: str, second: list[str]) -> None:
    assert second_verbs(sentence, response) == second


@pytest.mark.parametrize(
    ("language", "typed", "named"),
    [
        ("en", "Tag a friend, visit us and order one", "“visit”, “order”"),
        ("zh-hans", "转发给朋友，再到店购买", "“到店”、“购买”"),
        ("vi", "Chia sẻ, bình luận rồi ghé quán", "“bình luận”, “ghé”"),
    ],
)
def test_the_warning_names_them_all(
    world: World, brief: Brief, door: Door, language: str, typed: str, named: str
) -> None:
    Member.objects.filter(pk=world.editor.pk).update(language=language)
    answer = door(world.editor).post(
        f"/briefs/{brief.pk}/", {"response_object": typed, "version": brief.version}
    )
    assert named in answer.content.decode()


def test_the_page_warns_softly_and_saves_all_the_same(world: World, brief: Brief, door: Door) -> None:
    answer = door(world.editor).post(
        f"/briefs/{brief.pk}/", {"response_object": "Tag a friend and visit us", "version": brief.version}
    )
    assert answer.status_code == 200
    assert "“visit”" in answer.content.decode()
    brief.refresh_from_db()
    assert brief.response_object == "Tag a friend and visit us"


def test_the_later_of_two_editors_is_told_and_nothing_is_overwritten(
    world: World, brief: Brief, door: Door
) -> None:
    save_brief(world.manager, brief.pk, {"insight": "Hers"}, brief.version)
    answer = door(world.editor).post(f"/briefs/{brief.pk}/", {"insight": "Mine", "version": brief.version})
    assert answer.status_code == 409
    assert "Nothing was overwritten" in answer.content.decode()
    brief.refresh_from_db()
    assert brief.insight == "Hers"
    with pytest.raises(Conflict):
        save_brief(world.editor, brief.pk, {"insight": "Mine"}, brief.version - 1)


def test_a_megabyte_is_refused_with_a_sentence_beside_the_field(
    world: World, brief: Brief, door: Door
) -> None:
    answer = door(world.editor).post(
        f"/briefs/{brief.pk}/", {"insight": "字" * 350_000, "version": brief.version}
    )
    assert answer.status_code == 422
    assert "350,000 characters" in answer.content.decode()


def test_pasted_lines_lose_their_bullets_and_csv_finds_its_column() -> None:
    assert lines_of("1. một\r\n\n - hai\n• 三\n四") == ["một", "hai", "三", "四"]
    assert rows_of("who;点子\nHà;一只橘子\nLan;\n") == ["一只橘子"]
    assert rows_of("just one\nand two") == ["just one", "and two"]
    assert rows_of("") == []
    endless = rows_of('"' + "a" * 200_000)
    assert [len(text) for text in endless] == [200_000]


def test_two_hundred_ideas_with_repeats_keep_every_one(world: World, brief: Brief) -> None:
    texts = [f"idea number {n}" for n in range(150)] + [f"Idea  number {n}!" for n in range(50)]
    added = add_ideas(world.editor, brief.pk, texts)
    assert len(added) == 200
    assert [i.repeats.number for i in added[150:] if i.repeats] == list(range(1, 51))
    again = add_ideas(world.editor, brief.pk, ["IDEA NUMBER 7", "a new one", "A new one"])
    assert again[0].repeats_id == added[7].pk
    assert again[1].repeats_id is None
    assert again[2].repeats_id == again[1].pk
    assert [i.number for i in again] == [201, 202, 203]


@pytest.mark.parametrize(
    "pasted", ["\u200b\u200b", "   \n\n ", "\x00\x01"], ids=["zero width", "blank", "control"]
)
def test_empty_pastes_are_said(world: World, brief: Brief, door: Door, pasted: str) -> None:
    answer = door(world.editor).post(f"/briefs/{brief.pk}/ideas/", {"ideas": pasted})
    assert answer.status_code == 422
    assert "no idea in this text" in answer.content.decode()


def test_right_to_left_ideas_come_back_as_typed(world: World, brief: Brief) -> None:
    (idea,) = add_ideas(world.editor, brief.pk, ["شاي للشخص الواحد"])
    assert Idea.objects.get(pk=idea.pk).text == "شاي للشخص الواحد"


def test_a_file_that_is_not_text_is_refused_and_the_paste_is_kept(
    world: World, brief: Brief, door: Door
) -> None:
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe\x81")
    file.name = "ideas.csv"
    answer = door(world.editor).post(f"/briefs/{brief.pk}/ideas/", {"ideas": "kept", "file": file})
    assert answer.status_code == 422
    assert ">\nkept</textarea>" in answer.content.decode()
    assert not Idea.objects.exists()


def test_votes_are_blind_until_one_has_voted(world: World, brief: Brief, door: Door) -> None:
    first, second = add_ideas(world.editor, brief.pk, ["one", "two"])
    vote(world.manager, first.pk, yes=True)
    vote(world.manager, first.pk, yes=True)
    page = door(world.analyst).get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert "counts appear once you have voted" in page
    assert 'class="votes"' not in page
    answer = door(world.analyst).post(f"/ideas/{second.pk}/vote/", {"yes": "1"})
    assert 'class="votes"' in answer.content.decode()
    assert Vote.objects.count() == 2
    assert not AuditEntry.objects.filter(verb="idea.vote").exists()


def test_the_boss_reads_the_wall_and_votes_on_nothing(world: World, brief: Brief, door: Door) -> None:
    first, _second = add_ideas(world.editor, brief.pk, ["one", "two"])
    vote(world.manager, first.pk, yes=True)
    boss = door(world.stakeholder)
    page = boss.get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert "counts appear once it is decided" in page
    assert f"/ideas/{first.pk}/vote/" not in page
    assert 'class="vote' not in page
    assert boss.post(f"/ideas/{first.pk}/vote/", {"yes": "1"}).status_code == 403
    with pytest.raises(Refusal):
        vote(world.stakeholder, first.pk, yes=True)
    assert Vote.objects.count() == 1
    decide(world.manager, first.pk, "Because it is ours")
    page = boss.get(f"/briefs/{brief.pk}/ideas/").content.decode()
    assert 'class="votes"' in page
    assert f"/ideas/{first.pk}/vote/" not in page


def test_a_hole_blocks_the_decision_not_the_draft(world: World) -> None:
    draft = write_brief(world.editor, world.brand, "Half a thought")
    (idea,) = add_ideas(world.editor, draft.pk, ["one"])
    with pytest.raises(Refusal, match="no key message"):
        decide(world.manager, idea.pk, "because")
    assert not Decision.objects.exists()


def test_a_decision_makes_a_campaign_and_posts_in_one_transaction(
    world: World, brief: Brief, door: Door
) -> None:
    picked, other = add_ideas(world.editor, brief.pk, ["Ask your dad how he made tea", "Oranges"])
    shortlist(world.editor, picked.pk, on=True)
    shortlist(world.editor, other.pk, on=True)
    with pytest.raises(Refusal) as refused:
        start_from_decision(world.manager, picked.pk, "  ")
    assert refused.value.field == "reason"
    assert not Decision.objects.exists()
    started = start_from_decision(world.manager, picked.pk, "It makes people tell a story.")
    assert list(started.decision.runners_up.all()) == [other]
    assert started.campaign.decision == started.decision
    assert [p.idea for p in Post.objects.all()] == [picked]
    with pytest.raises(Refusal, match="decided already"):
        start_from_decision(world.manager, other.pk, "Changed my mind")
    assert Post.objects.count() == 1


def test_the_decision_starts_with_no_idea_chosen_and_asks_for_one_beside_the_field(
    world: World, brief: Brief, door: Door
) -> None:
    for idea in add_ideas(world.editor, brief.pk, ["Ask your dad", "Oranges"]):
        shortlist(world.editor, idea.pk, on=True)
    wall, address = f"/briefs/{brief.pk}/ideas/", f"/briefs/{brief.pk}/decision/"
    client = door(world.manager)
    page = client.get(wall).content.decode()
    assert " selected>" not in page.split('id="f-idea"')[1].split("</select>")[0]
    assert '<option value="">' in page
    answer = client.post(address, {"idea": "", "reason": "It is “ours”"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the idea" in page.split('id="f-idea-err"')[1].split("</p>")[0]
    assert 'value="It is “ours”"' in page
    assert not Decision.objects.exists()
    assert client.get(address).headers["Location"] == wall
    answer = client.post(address, {"idea": str(idea.pk), "reason": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{idea.pk}" selected' in page
    assert "Say why" in page.split('id="f-reason-err"')[1].split("</p>")[0]


def test_the_measure_of_success_becomes_the_campaigns_goal(world: World, brief: Brief, door: Door) -> None:
    measure = "300 likes by 22 December; under 100 is a no"
    save_brief(world.editor, brief.pk, {"measure": measure}, brief.version)
    (idea,) = add_ideas(world.editor, brief.pk, ["Ask your dad"])
    campaign = start_from_decision(world.manager, idea.pk, "Everybody has one.").campaign
    assert (campaign.goal, campaign.goal_metric, campaign.goal_value) == (measure, "likes", 300)
    client, address = door(world.manager), f"/campaigns/{campaign.pk}/"
    page = client.get(address).content.decode()
    source = f'href="/briefs/{brief.pk}/#a-measure"'
    assert "Taken over from the brief" in page.split(source)[1].split("</a>")[0]
    assert "Figure: 300 Likes" in page
    assert 'value="300"' in page, "it can be changed"
    client.post(address, {"name": "W", "goal": "400", "goal_metric": "likes", "goal_value": "400"})
    changed = client.get(address).content.decode()
    assert f"The brief says: {measure}" in changed.split(source)[1].split("</a>")[0]


def test_the_wall_holds_two_hundred_ideas_in_few_queries(
    world: World, brief: Brief, door: Door, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    add_ideas(world.editor, brief.pk, [f"Ý tưởng số {n}" for n in range(200)])
    client = door(world.manager)
    with django_assert_max_num_queries(20):
        assert client.get(f"/briefs/{brief.pk}/ideas/").status_code == 200


def test_another_workspace_sees_nothing(world: World, stranger: World, brief: Brief, door: Door) -> None:
    assert door(stranger.owner).get(f"/briefs/{brief.pk}/").status_code == 404
    assert door(stranger.owner).get(f"/briefs/{brief.pk}/ideas/").status_code == 404
    with pytest.raises(Brief.DoesNotExist):
        add_ideas(stranger.owner, brief.pk, ["mine now"])


def test_a_stakeholder_reads_but_does_not_write(world: World, brief: Brief, door: Door) -> None:
    assert door(world.stakeholder).get(f"/briefs/{brief.pk}/").status_code == 200
    with pytest.raises(Refusal):
        save_brief(world.stakeholder, brief.pk, {"insight": "x"}, brief.version)
    assert list(ideas_of(brief, world.stakeholder)) == []


def test_an_idea_is_decided_only_under_its_own_brief(world: World, brief: Brief, door: Door) -> None:
    other = write_brief(world.editor, world.brand, "Another")
    (idea,) = add_ideas(world.editor, brief.pk, ["one"])
    answer = door(world.manager).post(
        f"/briefs/{other.pk}/decision/", {"idea": str(idea.pk), "reason": "why"}
    )
    assert answer.status_code == 404
    assert not Decision.objects.exists()
