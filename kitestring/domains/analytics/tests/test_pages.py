"""Results at the pages: the sentence, every post once, missing with its reason, samples as they were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from markupsafe import escape

from kitestring.connectorkit import registry
from kitestring.domains.analytics.queries.reasons import first_sentence
from kitestring.domains.analytics.views import results
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def test_the_board_names_the_hit(record: Any, world: World, door: Door) -> None:
    for n in range(9):
        record.post(10 + n % 3, age=20 - n)
    hit = record.post(100, age=9, title="Nướng bánh lúc 5 giờ")
    page = door(world.stakeholder).get("/results/").content.decode()
    assert "10 posts, 1 flew." in page
    for board in page.split('<svg class="plot board')[1:]:
        assert board.count('r="5.5"') == 1
        assert board.count("<circle") == 10
    assert f"/results/{hit.pk}/" in page
    assert "9.1×" in page


def test_a_post_is_shown_on_each_of_its_accounts(
    record: Any, world: World, door: Door, stranger: World
) -> None:
    first, alone = record.post(7, age=10), record.post(3, age=5, title="Another")
    second = record.again_on(first, "second", 21)
    page = door(world.stakeholder).get(f"/results/{first.pk}/").content.decode()
    table = page.split('id="everywhere"')[1].split("</table>")[0]
    assert f'href="/results/{second.pk}/"' in table
    assert f'href="/results/{first.pk}/"' not in table, "one does not lead to itself"
    assert table.count("<tr") == 3
    assert ">21" in table
    assert f"/results/{alone.pk}/" not in table
    assert 'id="everywhere"' not in door(world.stakeholder).get(f"/results/{alone.pk}/").content.decode()
    assert door(stranger.owner).get(f"/results/{first.pk}/").status_code == 404


def test_the_board_and_the_table_tell_one_median(record: Any, world: World, door: Door) -> None:
    for n, value in enumerate((2, 2, 2, 2, 100, 100, 100, 100)):
        record.post(value, age=20 - n)
    page = door(world.stakeholder).get("/results/").content.decode()
    assert "median 51" in page
    assert page.count("(51)") == 8


def test_today_and_the_posts_page_tell_one_pair(record: Any, world: World, door: Door) -> None:
    """Read on after the hour it is compared at, beside one too young and one never read: nine in all."""
    for n in range(6):
        record.post(9, 30, 60 + 2 * n, 90, 120, age=20 - n)
    record.post(5, age=0.5 / 24)
    record.post(None, age=30)
    hit = record.post(30, 90, 175, 190, 212, age=5.5 / 24)
    today = door(world.stakeholder).get("/").content.decode()
    part = today.partition("Moved</h2>")[2].partition("</section>")[0]
    assert '<span class="big">175</span>' in part
    assert "after 3 h<" in part
    assert "Usual after 3 h: 63 to 69, median 66, from 7 deliveries." in part
    assert "2.7 times" in part
    assert "212" not in part
    page = door(world.stakeholder).get(f"/results/{hit.pk}/").content.decode()
    assert "175 reactions after 3 h" in page
    assert "63–69" in page
    assert "(7 deliveries at 3 h)" in page


def test_results_and_report_tell_one_usual(record: Any, world: World, door: Door) -> None:
    """12.5 is 12.5 in both: rounded to 12 here, a reader would find two figures for one thing."""
    for n, value in enumerate((10, 12, 13, 14, 15, 16, 17, 18)):
        record.post(value, age=20 - n)
    page = door(world.stakeholder).get("/results/").content.decode()
    assert '12.8–16.2 <span class="q">(14.5)</span>' in page


def test_the_first_day_counts_in_no_share(record: Any, world: World, door: Door) -> None:
    for n in range(8):
        record.post(1, 40, age=20 - n)
    young = record.post(3, age=1.5 / 24, title="Just out")
    here = door(world.stakeholder)
    page = here.get("/results/").content.decode()
    assert "9 posts; of the 8 that can be compared none flew." in page
    assert "0 of 8 that can be compared" in page
    assert "1 delivery in its first day is not drawn yet." in page
    only = here.get("/results/?only=early").content.decode()
    row = only.partition("<tbody")[2]
    assert "Just out" in row
    assert "too early to tell" in row
    assert "3×" not in row
    post = here.get(f"/results/{young.pk}/").content.decode()
    assert "Too early to tell: 3 reactions after 1 h." in post


def test_one_reading_is_not_called_too_few_of_the_account(record: Any, world: World, door: Door) -> None:
    for n in range(8):
        record.post(1, 40, age=20 - n)
    once = record.post(age=1.5 / 60 / 24)
    record.read_at(once, minutes=1, value=3)
    page = door(world.stakeholder).get(f"/results/{once.pk}/").content.decode()
    assert "read once so far" in page
    assert "too few numbers of the account" not in page


def test_posts_are_counted_once_and_kinds_add_up(record: Any, world: World, door: Door) -> None:
    for n in range(9):
        record.post(10 + n % 3, age=20 - n)
    hit = record.post(100, age=9, title="Twice out")
    again = record.post(90, age=8)
    again.revision = hit.revision
    again.save()
    record.post(None, age=7.5)
    here = door(world.stakeholder)
    page = here.get("/results/").content.decode()
    assert "11 posts; of the 10 that can be compared 1 flew." in page
    assert "1 of 10 that can be compared" in page
    assert "<b>12</b><span>deliveries of these posts on 1 account; 11 can be compared" in page
    rows = {}
    for kind in ("", "flew", "above", "usual", "below", "too_few", "missing"):
        rows[kind] = here.get(f"/results/?only={kind}").content.decode().count('<td class="r lead">')
    assert rows[""] == 12
    assert rows["flew"] == 2
    assert sum(rows[k] for k in ("flew", "above", "usual", "below", "too_few", "missing")) == 12
    assert "The 2 deliveries that flew carry 1 post." in page


def test_only_the_newest_are_counted_when_there_are_too_many(
    record: Any, world: World, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MOST", 7)
    for n in range(9):
        record.post(10 + n, age=n + 1)
    page = door(world.stakeholder).get("/results/").content.decode()
    assert "7 posts" in page
    assert "7 in 7 days" in page
    assert "Only the newest 7 are counted" in page


def test_a_channel_that_tells_nothing_says_so(record: Any, world: World, door: Door) -> None:
    silent = next(c for s, c in registry.connectors().items() if not c.can("metrics") and c.manifest.missing)
    record.account.channel = silent.manifest.slug
    record.account.save()
    for n in range(8):
        record.post(age=n + 1)
    page = door(world.stakeholder).get("/results/").content.decode()
    assert "the channel tells no numbers" in page
    board = page.split('<svg class="plot board')[1].split("<h2")[0]
    assert "too few to tell" not in board
    assert any(escape(first_sentence(m.why.en)) in page for m in silent.manifest.missing)


def test_missing_comes_with_its_reason(record: Any, world: World, door: Door) -> None:
    post = record.post(None)
    page = door(world.editor).get(f"/results/{post.pk}/").content.decode()
    assert "missing" in page
    stated = registry.get(record.account.channel).manifest.missing
    for one in stated:
        assert one.why.en.split(".")[0].split("'")[0][:30] in page
    assert "Too few to tell" in page or "No numbers:" in page


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
