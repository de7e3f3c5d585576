"""Results at the pages: the sentence, every post once, missing with its reason, samples as they were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def test_the_board_names_the_hit(record: Any, world: World, door: Door) -> None:
    for n in range(9):
        record.post(10 + n % 3, age=20 - n)
    hit = record.post(100, age=9, title="Nướng bánh lúc 5 giờ")
    page = door(world.stakeholder).get("/results/").content.decode()
    assert "10 posts, one flew" in page
    assert page.count('r="5.5"') == 1
    assert page.count("<circle") == 10
    assert f"/results/{hit.pk}/" in page
    assert "9.1×" in page


def test_missing_comes_with_its_reason(record: Any, world: World, door: Door) -> None:
    post = record.post(None)
    page = door(world.editor).get(f"/results/{post.pk}/").content.decode()
    assert "missing" in page
    stated = registry.get(record.account.channel).manifest.missing
    for one in stated:
        assert one.why.en.split(".")[0].split("'")[0][:30] in page
    assert "Too few to tell" in page or "No numbers yet" in page


def test_a_post_shows_lineage_and_way_up(record: Any, world: World, door: Door) -> None:
    for n in range(7):
        record.post(5, 9 + n, age=20 - n)
    post = record.post(8, 30, age=9)
    page = door(world.editor).get(f"/results/{post.pk}/").content.decode()
    assert "likeCount" in page
    assert 'class="plot curve"' in page
    assert "var(--band)" in page
    assert f"/deliveries/{post.pk}/" in page


def test_samples_as_csv(record: Any, world: World, stranger: World, door: Door) -> None:
    post = record.post(5, None, title='=HYPERLINK("http://bad.example")')
    for address in (f"/results/{post.pk}/samples.csv", "/results/samples.csv"):
        got = door(world.analyst).get(address)
        text = b"".join(got).decode("utf-8-sig")
        assert text.count("\n") == 3
        assert "'=HYPERLINK" in text
        assert ",likes,5,likeCount," in text
    assert b"".join(door(stranger.owner).get("/results/samples.csv")).count(b"\n") == 1
    assert door(stranger.owner).get(f"/results/{post.pk}/samples.csv").status_code == 404


def test_parts_on_other_pages(record: Any, world: World, stranger: World, door: Door) -> None:
    campaign = Campaign.objects.create(brand=world.brand, name="Tết", goal_metric="likes", goal_value=100)
    post = record.post(40, campaign=campaign)
    here = door(world.editor)
    assert "40 of 100" in here.get(f"/campaigns/{campaign.pk}/results/").content.decode()
    assert "Too few to tell" in here.get(f"/deliveries/{post.pk}/results/").content.decode()
    for path in (
        f"/campaigns/{campaign.pk}/results/",
        f"/deliveries/{post.pk}/results/",
        f"/results/{post.pk}/",
    ):
        assert door(stranger.owner).get(path).status_code == 404


def test_an_empty_page_says_what_happens_next(world: World, door: Door) -> None:
    assert "read by themselves" in door(world.editor).get("/results/").content.decode()
