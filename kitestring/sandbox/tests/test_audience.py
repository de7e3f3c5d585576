"""The audience: the same for the same seed, heavy-tailed, on every channel alike, and it goes on where it stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.sandbox.addresses import addresses, emulated
from kitestring.sandbox.audience.crowd import Crowd, cascade, memory
from kitestring.sandbox.audience.plan import grown, plan_for
from kitestring.sandbox.emulated import Emulated, all_emulated

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channels(tmp_path: Path, clock: Clock) -> dict[str, Emulated]:
    return all_emulated(tmp_path, addresses(tmp_path), clock)


def post(text: str, at: datetime = NOON) -> Item:
    return Item("p1", "us", text, at.isoformat())


def test_the_same_post_meets_the_same_people_and_another_seed_others() -> None:
    first, again, other = (plan_for(post("Ngụm đầu đừng khuấy."), "any", seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_most_posts_do_little_and_few_fly() -> None:
    views = [plan_for(post(f"Bài số {n}"), "any", 1).totals["views"] for n in range(1500)]
    assert max(views) > 8 * median(views)
    assert sum(v > 4 * median(views) for v in views) < 0.1 * len(views)


@pytest.mark.parametrize(
    ("text", "language"), [("一只小炉，够一个人过冬。", "zh"), ("Ngụm đầu đừng khuấy nhé.", "vi")]
)
def test_people_speak_the_posts_language(text: str, language: str) -> None:
    assert {said.person.language for said in plan_for(post(text), "any", 1, followers=9000).said} == {
        language
    }


def test_half_has_come_after_seven_hours() -> None:
    assert grown(1000, timedelta(0)) == 0
    assert grown(1000, timedelta(hours=7)) == 500
    assert grown(1000, timedelta(days=30)) >= 999


def test_every_channel_is_watched_alike(channels: dict[str, Emulated], clock: Clock) -> None:
    assert set(channels) == {c.manifest.slug for c in emulated()}
    for one in channels.values():
        one.platform.add(Item("9001", "us", "Ngụm đầu đừng khuấy.", NOON.isoformat()))
    crowd = Crowd(channels, speed=60, clock=clock)
    assert crowd.step() == 0
    clock.at += timedelta(hours=2)
    assert crowd.step() >= len(channels)
    for slug, one in channels.items():
        item = one.platform.items["9001"]
        assert item.counts["views"] > 100, slug
        assert one.platform.comments("9001"), slug


def test_the_same_number_on_two_channels_is_two_posts(channels: dict[str, Emulated], clock: Clock) -> None:
    first, second = list(channels.values())[:2]
    crowd = Crowd(channels, clock=clock)
    for one, followers in ((first, 60_000), (second, 600)):
        one.platform.add(post("Ngụm đầu đừng khuấy."))
        memory(one)["followers"]["us"] = followers
        memory(one)["lifts"]["p1"] = 1.0
    views = [crowd.plan(one, one.platform.items["p1"]).totals["views"] for one in (first, second)]
    assert views == [19_200, 192]


def test_it_goes_on_where_it_stopped(channels: dict[str, Emulated], clock: Clock, tmp_path: Path) -> None:
    one = next(iter(channels.values()))
    one.platform.add(post("Một ly cho người trực đêm."))
    Crowd(channels, speed=1, clock=clock)
    clock.at += timedelta(hours=9)
    Crowd(channels, speed=1, clock=clock).step()
    spoken, views = len(one.platform.comments("p1")), one.platform.items["p1"].counts["views"]
    one.save()
    later = all_emulated(tmp_path, addresses(tmp_path), clock)
    Crowd(later, speed=1, clock=clock).step()
    kept: Platform = later[one.slug].platform
    assert len(kept.comments("p1")) == spoken
    assert kept.items["p1"].counts["views"] == views


def test_an_answer_of_ours_is_heard_once(channels: dict[str, Emulated], clock: Clock) -> None:
    one = next(iter(channels.values()))
    one.platform.add(post("Quán mở lại phố Hàng Bún."))
    asked = one.platform.comment("p1", "linh", "Linh", "Quán mở tới mấy giờ?")
    one.platform.add(Item("r1", "us", "Tới 23 giờ ạ.", NOON.isoformat(), parent=asked.id))
    crowd = Crowd(channels, speed=60, clock=clock)
    clock.at += timedelta(minutes=30)
    crowd.step()
    crowd.step()
    assert memory(one)["heard"].count("r1") == 1
    assert sum(c.parent == "r1" for c in one.platform.comments("p1")) <= 1


def test_a_repost_tree_grows_with_the_post() -> None:
    plan = plan_for(post("一只小炉，够一个人过冬。"), "any", 1, followers=60_000, lift=9)
    early, late = cascade(plan, timedelta(hours=2)), cascade(plan, timedelta(days=9))
    assert 0 < len(early) < len(late)
    numbers = {row["number"] for row in late}
    assert all(row["parent"] is None or row["parent"] in numbers for row in late)
    assert any(row["parent"] is not None for row in late)
