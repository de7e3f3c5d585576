"""Search finds posts, ideas, briefs, campaigns, people and what they said in the brand in hand, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.inbox.models import Contact, Conversation, Direction, Message
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.words import folded, words_of
from kitestring.web.search.find import around
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def things(world: World, stranger: World) -> World:
    for one in (world, stranger):
        Brief.objects.create(brand=one.brand, title=f"Cà phê muối {one.brand.name}")
        Campaign.objects.create(brand=one.brand, name=f"Tuần lễ bánh mì {one.brand.name}")
        Idea.objects.create(brief=one.brand.briefs.get(), number=1, text=f"把杯子倒过来卖 {one.brand.name}")
        Post.objects.create(brand=one.brand, text=f"咸咖啡 salt coffee {one.brand.name}")
        account = account_on(one)
        contact = Contact.objects.create(
            brand=one.brand,
            channel=account.channel,
            remote_id="1",
            name=f"陈小满 {one.brand.name}",
            handle="xiaoman",
        )
        conversation = Conversation.objects.create(
            brand=one.brand, account=account, contact=contact, contact_name=contact.name, last_at=now()
        )
        Conversation.objects.create(
            brand=one.brand,
            account=account,
            contact=Contact.objects.create(
                brand=one.brand, channel=account.channel, remote_id="2", name=f"Đỗ Ngọc Trâm {one.brand.name}"
            ),
            contact_name=f"Đỗ Ngọc Trâm {one.brand.name}",
            last_at=now(),
        )
        Message.objects.create(
            conversation=conversation,
            account=account,
            direction=Direction.IN,
            text=f"周五带爸妈去岘港，咸咖啡有没有不加冰的？{one.brand.name}",
            at=now(),
        )
    return world


def found(client: Client, words: str) -> str:
    answer = client.get("/search/", {"q": words}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("muối", "Cà phê muối Crumb"),
        ("PHÊ cà", "Cà phê muối Crumb"),
        ("ca phe muoi", "Cà phê muối Crumb"),
        ("CA PHE muối", "Cà phê muối Crumb"),
        ("banh mi", "Tuần lễ bánh mì Crumb"),
        ("ngoc tram", "Đỗ Ngọc Trâm"),
        ("do ngoc", "Đỗ Ngọc Trâm"),
        ("DO", "Đỗ Ngọc Trâm"),
        ("bánh", "Tuần lễ bánh mì Crumb"),
        ("咸咖啡", "咸咖啡 salt coffee Crumb"),
        ("周明珊", "Approver"),
        ("倒过来", "把杯子倒过来卖 Crumb"),
        ("周五咖啡", "周五带爸妈去岘港"),
        ("爸妈去岘港冰的", "周五带爸妈去岘港"),
        ("小满", "Contact"),
        ("XIAOMAN", "陈小满 Crumb"),
    ],
)
def test_by_words_in_any_order(things: World, door: Door, words: str, there: str) -> None:
    page = found(door(things.editor), words)
    assert there in page
    assert 'role="option"' in page
    assert "Rival" not in page


def test_marks_that_were_typed_must_be_there(things: World, door: Door) -> None:
    assert 'role="option"' not in found(door(things.editor), "cá phê")


def test_without_marks_a_text_without_marks_is_found_too(things: World, door: Door) -> None:
    Post.objects.create(brand=things.brand, title="ca phe moi", text="a.b [c] 100%")
    for words in ("ca phe moi", "100%", "a.b", "[c]"):
        assert "ca phe moi" in found(door(things.editor), words)
    for words in ("aXb", "a.c", "[b]", "c*", "\\\\w"):
        assert "ca phe moi" not in found(door(things.editor), words)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Cà phê muối Đà Nẵng", "Ca phe muoi Da Nang"),
        ("ỨNG ƯỚC ỵ ỡ", "UNG UOC y o"),
        ("上海 naïve", "上海 naïve"),
    ],
)
def test_only_vietnamese_marks_are_taken_off(text: str, bare: str) -> None:
    assert folded(text) == bare


@pytest.mark.parametrize("words", ["", "   ", "\0", "zzzz", "%", "' OR 1=1"])
def test_nothing_is_an_empty_answer(things: World, door: Door, words: str) -> None:
    assert 'role="option"' not in found(door(things.editor), words)


def test_who_may_not_read_the_inbox_finds_nobody_in_it(things: World, door: Door) -> None:
    client = door(things.stakeholder)
    for words in ("小满", "岘港"):
        assert 'role="option"' not in found(client, words)
    assert "把杯子倒过来卖" in found(client, "倒过来")


def test_what_was_said_long_ago_is_left_out(things: World, door: Door) -> None:
    Message.objects.update(at=now() - timedelta(days=365))
    assert 'role="option"' not in found(door(things.editor), "岘港")


def test_the_palette_leads_to_everything_on_a_page(things: World, door: Door) -> None:
    client = door(things.editor)
    assert "/search/?q=Crumb" in found(client, "Crumb")
    page = client.get("/search/?q=Crumb").content.decode()
    for kind in ("Posts", "Ideas", "Briefs", "Campaigns", "Contacts", "Conversations"):
        assert f"{kind}</h2>" in page
    assert "Nothing has these words" in client.get("/search/?q=zzzz").content.decode()


def test_the_page_shows_where_in_a_post_the_word_stands(things: World, door: Door) -> None:
    Post.objects.create(brand=things.brand, title="Một ly", text="x " * 60 + "muối hầm Huế" + " y" * 60)
    page = door(things.editor).get("/search/?q=Huế").content.decode()
    assert "Một ly" in page
    assert "muối hầm Huế" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("咸咖啡coffee", ["咸咖啡", "coffee"]),
        ("  cà  phê ", ["cà", "phê"]),
        ("a b c d e f g h", ["a", "b", "c", "d", "e", "f"]),
    ],
)
def test_what_counts_as_a_word(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


def test_a_piece_around_the_word() -> None:
    assert around("a " * 100 + "muối" + " b" * 100, "muối").startswith("…")
    assert "muối" in around("a " * 100 + "muối" + " b" * 100, "MUỐI")


def test_a_stranger_searches_nothing(things: World) -> None:
    assert Client().get("/search/?q=a").status_code == 302
