"""Numbers come from the fields that are documented; what was not ticked or is gone says so."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectors.bilibili import metrics


async def test_a_video_is_read_from_the_documented_fields(at_work, answers, monkeypatch):
    bench = await at_work("bilibili")
    told = {"/data/arc/stat": answers["arc_stat"], "/data/user/stat": answers["user_stat"]}

    async def say(_self, path, **_asked):
        return told[path]["body"]["data"]

    monkeypatch.setattr("kitestring.connectors.bilibili.client.Bili.read", say)
    readings = {r.metric: (r.value, r.field) for r in await metrics.read(bench.session, ["BV1xx411c7mD"])}
    assert readings == {
        "views": (198, "view"), "likes": (135, "like"), "replies": (11, "reply"),
        "saves": (36, "favorite"), "shares": (79, "share"),
    }  # fmt: skip
    account = {r.metric: (r.value, r.field) for r in await metrics.account(bench.session)}
    assert account == {
        "followers": (166, "follower"),
        "following": (98, "following"),
        "posts": (11, "arc_passed_total"),
    }


async def test_articles_are_asked_for_together_and_one_that_is_gone_is_named(at_work, clip, essay, through):
    bench = await at_work("bilibili")
    bench.platform.memory["no_limits"] = True
    video, _ = await through(bench.session, clip())
    first, _ = await through(bench.session, essay(title="一"))
    second, _ = await through(bench.session, essay(title="二"))
    bench.platform.count(first.remote_id, "saves", 7)
    bench.platform.remove(second.remote_id)
    before = len(bench.faults.seen)
    posts = [first.remote_id, video.remote_id, second.remote_id]
    readings = await metrics.read(bench.session, posts)
    assert len(bench.faults.seen) - before == 2
    assert [r.remote_id for r in readings] == [post for post in posts for _ in range(5)]
    values = {(r.remote_id, r.metric): (r.value, r.why) for r in readings}
    assert values[first.remote_id, "saves"] == (7, "")
    assert values[second.remote_id, "views"] == (None, "not_there")


async def test_thirty_articles_go_into_one_call(at_work):
    bench = await at_work("bilibili")
    before = len(bench.faults.seen)
    readings = await metrics.read(bench.session, [f"cv{number}" for number in range(31)])
    assert len(bench.faults.seen) - before == 2
    assert {r.why for r in readings} == {"not_there"}


async def test_a_right_that_was_not_ticked_is_no_number_and_no_error(at_work, clip, through):
    bench = await at_work("bilibili")
    done, _ = await through(bench.session, clip())
    bench.platform.memory["rights"] = ["USER_INFO", "ARC_BASE"]
    told = [
        *await metrics.read(bench.session, [done.remote_id, "cv1"]),
        *await metrics.account(bench.session),
    ]
    assert {(r.value, r.why) for r in told} == {(None, "insights_declined")}


async def test_an_ended_consent_is_no_missing_number(at_work):
    bench = await at_work("bilibili")
    bench.faults.always(Fault("unauthorized"))
    for posts in (["BV1xx411c7mD"], ["cv1"]):
        with pytest.raises(GrantExpired):
            await metrics.read(bench.session, posts)
