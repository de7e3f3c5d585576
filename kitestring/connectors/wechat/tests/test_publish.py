"""WeChat: an article goes out once by either way, whatever gets lost between the steps."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.wechat import emulator, publishing
from kitestring.connectors.wechat.client import App
from kitestring.kit import clock


@pytest.fixture
def time():
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(timedelta(0))


@pytest.fixture
def article(duty, picture):
    def make(kind="mass_send", **more):
        given = {
            "title": "春茶上新",
            "media": (picture("cover"), picture("tea")),
            "link": "https://x.cn/menu",
        }
        return duty(kind, "明前龙井，**今日**到店。\n\n<b>不是标签</b>", **{**given, **more})

    return make


async def _to_the_end(there, outgoing):
    outcome = await publishing.publish(there.session, outgoing)
    while isinstance(outcome, Processing):
        outgoing = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(there.session, outgoing)
    return outcome


async def _with_draft(there, outgoing):
    """The duty as the ledger has it after the first step."""
    outcome = await publishing.publish(there.session, outgoing)
    assert isinstance(outcome, Processing)
    return replace(outgoing, handle=outcome.handle)


@pytest.mark.parametrize(("kind", "pushed"), [("mass_send", True), ("publish", False)])
async def test_an_article_by_either_way(at_work, article, kind, pushed):
    there = await at_work("wechat")
    live = await _to_the_end(there, article(kind))
    item = there.platform.items[live.remote_id]
    assert item.title == "春茶上新"
    assert item.extra["pushed"] is pushed
    assert item.extra["link"] == "https://x.cn/menu"
    bare = re.sub(r' style="[^"]*"', "", item.extra["html"])
    assert bare.startswith(
        "<section><p>明前龙井，<strong>今日</strong>到店。</p>\n<p>&lt;b&gt;不是标签&lt;/b&gt;</p>\n<p><img src="
    )
    assert bool(live.url) is not pushed
    if live.url:
        assert live.url.startswith(f"{there.base_url}/s?")


async def test_a_mass_send_waits_for_the_administrator(at_work, article, time):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["confirm"] = "by_hand"
    outgoing = await _with_draft(there, article())
    sent = await publishing.follow(there.session, outgoing)
    outgoing = replace(outgoing, handle=sent.handle)
    for _ in range(3):
        waiting = await publishing.follow(there.session, outgoing)
        assert isinstance(waiting, Processing)
        assert waiting.waits_for == "administrator_confirms"
    assert there.platform.posts() == []
    emulator.confirm(there.platform, outgoing.handle)
    live = await publishing.follow(there.session, outgoing)
    assert isinstance(live, Published)
    assert [i.id for i in there.platform.posts()] == [live.remote_id]


async def test_without_a_yes_in_thirty_minutes_it_fails_and_says_so(at_work, article, time):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["confirm"] = "by_hand"
    there.platform.clock = clock.now
    outgoing = await _with_draft(there, article())
    outgoing = replace(outgoing, handle=(await publishing.follow(there.session, outgoing)).handle)
    time(minutes=31)
    with pytest.raises(Rejected) as raised:
        await publishing.follow(there.session, outgoing)
    assert raised.value.reason == "mass_send_failed"


async def test_four_a_month(at_work, article, time):
    there = await at_work("wechat")
    there.platform.clock = clock.now
    for _ in range(4):
        await _to_the_end(there, article())
    with pytest.raises(Rejected) as raised:
        await _to_the_end(there, article())
    assert (raised.value.field, raised.value.reason) == ("kind", "mass_quota_used")
    await _to_the_end(there, article("publish"))
    time(days=31)
    await _to_the_end(there, article())
    assert len(there.platform.posts()) == 6


async def test_a_crash_between_the_steps_repeats_nothing(at_work, article):
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article())
    drafts = dict(there.platform.memory["wechat"]["drafts"])
    again = await publishing.publish(there.session, outgoing)
    assert json.loads(again.handle) == json.loads(outgoing.handle)
    assert there.platform.memory["wechat"]["drafts"] == drafts
    sent = await publishing.follow(there.session, outgoing)
    # The worker died before the new handle was stored: the step is taken once more, with the old one.
    adopted = await publishing.follow(there.session, outgoing)
    assert json.loads(adopted.handle)["msg_id"] == json.loads(sent.handle)["msg_id"]
    assert len(there.platform.memory["wechat"]["jobs"]) == 1


@pytest.mark.parametrize("kind", ["mass_send", "publish"])
async def test_a_lost_answer_is_found(at_work, article, kind):
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article(kind))
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    found = await publishing.look_up(there.session, outgoing)
    while isinstance(found, Processing):
        found = await publishing.follow(there.session, replace(outgoing, handle=found.handle))
    assert [i.id for i in there.platform.posts()] == [found.remote_id]


@pytest.mark.parametrize("kind", ["mass_send", "publish"])
async def test_what_never_left_the_draft_box_is_not_there(at_work, article, kind):
    there = await at_work("wechat")
    assert await publishing.look_up(there.session, article(kind)) is None
    outgoing = await _with_draft(there, article(kind))
    assert await publishing.look_up(there.session, outgoing) is None
    assert there.platform.memory["wechat"].get("jobs", {}) == {}


async def test_an_article_still_in_review_after_a_lost_answer_is_not_published_again(
    at_work, article, monkeypatch
):
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article("publish"))
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    whole = App.call

    async def in_review(self, path, *given, **more):
        told = await whole(self, path, *given, **more)
        return {"total_count": 0, "item": []} if path.endswith("freepublish/batchget") else told

    with monkeypatch.context() as patch:
        patch.setattr(App, "call", in_review)
        with pytest.raises(Ambiguous) as raised:
            await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "publish_unheard"
    found = await publishing.look_up(there.session, outgoing)
    assert [item.id for item in there.platform.posts()] == [found.remote_id]


async def test_a_publishing_handed_over_before_a_crash_is_found_not_called_unsent(at_work, article):
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article("publish"))
    await publishing.follow(there.session, outgoing)
    # The worker died before the new handle was stored.
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    found = await publishing.look_up(there.session, outgoing)
    assert [item.id for item in there.platform.posts()] == [found.remote_id]


async def test_a_mass_send_whose_key_wechat_has_forgotten_is_for_a_person(at_work, article, time):
    there = await at_work("wechat")
    there.platform.clock = clock.now
    outgoing = await _with_draft(there, article())
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    time(hours=25)
    older = json.dumps({key: kept for key, kept in json.loads(outgoing.handle).items() if key != "at"})
    for known in (outgoing, replace(outgoing, handle=older)):
        for ask in (publishing.look_up, publishing.follow):
            with pytest.raises(Ambiguous) as raised:
                await ask(there.session, known)
            assert raised.value.reason == "key_forgotten"
    assert len(there.platform.memory["wechat"]["jobs"]) == 1


async def test_a_publishing_whose_draft_was_thrown_away_after_a_lost_answer_is_for_a_person(at_work, article):
    """WeChat says the same of it as of one in review."""
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article("publish"))
    there.faults.next(Fault("drop_before", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    there.platform.memory["wechat"]["drafts"].clear()
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "publish_unheard"
    assert there.platform.posts() == []


async def test_a_draft_of_a_mass_send_thrown_away_by_hand_is_made_anew(at_work, article):
    """Its key says within a day that it was never sent."""
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article())
    there.platform.memory["wechat"]["drafts"].clear()
    with pytest.raises(Rejected) as raised:
        await publishing.follow(there.session, outgoing)
    assert raised.value.reason == "draft_gone"
    assert await publishing.look_up(there.session, outgoing) is None
    assert isinstance(await _to_the_end(there, outgoing), Published)


async def test_a_lost_answer_before_anything_is_visible_is_only_tried_again(at_work, article):
    there = await at_work("wechat")
    there.faults.next(Fault("drop_after"))
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, article())


@pytest.mark.parametrize(
    ("status", "reason"),
    [(2, "original_check"), (3, "publish_failed"), (4, "review_failed"), (6, "banned_there")],
)
async def test_why_it_was_not_published(at_work, article, monkeypatch, status, reason):
    there = await at_work("wechat")
    outgoing = await _with_draft(there, article("publish"))
    outgoing = replace(outgoing, handle=(await publishing.follow(there.session, outgoing)).handle)

    async def told(self, path, payload=None, **_):
        return {"publish_id": payload["publish_id"], "publish_status": status, "fail_idx": [1]}

    monkeypatch.setattr("kitestring.connectors.wechat.client.App.call", told)
    with pytest.raises(Rejected) as raised:
        await publishing.follow(there.session, outgoing)
    assert raised.value.reason == reason


async def test_pictures_from_elsewhere_would_be_dropped_ours_are_not(at_work, article):
    there = await at_work("wechat")
    live = await _to_the_end(there, article("publish"))
    assert there.platform.items[live.remote_id].extra["html"].count("<img") == 1


async def test_an_article_too_long_as_html_is_refused_before_any_call(at_work, article, duty, picture):
    there = await at_work("wechat")
    before = len(there.faults.seen)
    text = "<" * 6000
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("publish", text, title="x", media=(picture(),)))
    assert raised.value.reason == "article_too_long"
    assert len(there.faults.seen) == before


async def test_kinds_are_for_verified_accounts(at_work, article):
    there = await at_work("wechat", account_type="subscription_unverified")
    assert there.power.manifest.kinds_for(there.connected.account_type) == ()
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, article("publish"))
    assert raised.value.field == "kind"


@pytest.mark.parametrize("kind", ["mass_send", "publish"])
async def test_withdraw(at_work, article, kind):
    there = await at_work("wechat")
    live = await _to_the_end(there, article(kind))
    await publishing.withdraw(there.session, live.remote_id)
    await publishing.withdraw(there.session, live.remote_id)
    assert there.platform.posts() == []


async def test_author_and_summary_are_settings_of_the_post(at_work, article):
    there = await at_work("wechat")
    outgoing = article("publish", options={"author": "青岚", "digest": "明前到店"})
    await publishing.publish(there.session, outgoing)
    (draft,) = there.platform.memory["wechat"]["drafts"].values()
    assert (draft["author"], draft["digest"]) == ("青岚", "明前到店")
    for key, most in (("author", 16), ("digest", 128)):
        with pytest.raises(Rejected) as raised:
            publishing.check(there.session, article("publish", options={key: "茶" * (most + 1)}))
        assert (raised.value.field, raised.value.reason) == (f"options.{key}", "option_too_long")
