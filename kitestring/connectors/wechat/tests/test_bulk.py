"""WeChat: words, pictures and a video are mass sent once, to everybody or to a tag; what a lost answer leaves is adopted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Media, Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.options import choices
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.wechat import metrics, publishing
from kitestring.connectors.wechat.client import MANIFEST
from kitestring.kit import clock

TAG = "100"


@pytest.fixture
def time():
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(timedelta(0))


@pytest.fixture
def made(duty, picture, tmp_path):
    """A sound duty of each kind."""

    def make(kind, **more):
        if kind == "video_send":
            path = film(tmp_path / "tea.mp4", sound=False)
            clip = Media(path, "video/mp4", path.stat().st_size, "film", width=320, height=240, duration=1.0)
            more = {"media": (clip,), "title": "采茶", **more}
        elif kind == "image_send":
            more = {"media": (picture("one"), picture("two")), **more}
        elif kind in {"mass_send", "publish", "pictures"}:
            more = {"media": (picture("cover"),), "title": "春茶", **more}
        return duty(kind, "明前龙井到店", uploads=Kept(), **more)

    return make


async def to_the_end(there, outgoing):
    outcome = await publishing.publish(there.session, outgoing)
    while isinstance(outcome, Processing):
        outgoing = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(there.session, outgoing)
    return outcome


@pytest.mark.parametrize(
    ("kind", "files", "title"), [("text_send", 0, ""), ("image_send", 2, ""), ("video_send", 1, "采茶")]
)
async def test_each_is_pushed(at_work, made, kind, files, title):
    there = await at_work("wechat")
    live = await to_the_end(there, made(kind))
    item = there.platform.items[live.remote_id]
    assert (item.text, item.title, len(item.media)) == ("明前龙井到店", title, files)
    assert item.extra["pushed"]
    assert {(r.value, r.why) for r in await metrics.read(there.session, [live.remote_id])} == {
        (None, "no_article")
    }


@pytest.mark.parametrize("kind", ["mass_send", "text_send", "image_send", "video_send"])
async def test_to_a_tag_it_waits_for_nobody(at_work, made, kind):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["confirm"] = "by_hand"
    outgoing = made(kind, options={"tag": TAG})
    first = await publishing.publish(there.session, outgoing)
    outgoing = replace(outgoing, handle=first.handle)
    sent = await publishing.follow(there.session, outgoing)
    assert (isinstance(sent, Processing), sent.waits_for) == (True, "")
    outgoing = replace(outgoing, handle=sent.handle)
    asked = [await publishing.follow(there.session, outgoing) for _ in range(2)]
    live = asked[-1]
    assert isinstance(live, Published)
    assert there.platform.items[live.remote_id].extra["tag"] == int(TAG)
    everybody = made(kind)
    everybody = replace(everybody, handle=(await publishing.publish(there.session, everybody)).handle)
    assert (await publishing.follow(there.session, everybody)).waits_for == "administrator_confirms"


async def test_the_tags_to_choose_from(at_work):
    there = await at_work("wechat")
    option = next(one for one in MANIFEST.kind("text_send").options if one.key == "tag")
    assert choices(option, there.connected.settings, "zh-hans") == [
        ("2", "星标组 · 0"),
        ("100", "老客 · 320"),
    ]
    unverified = await at_work("wechat", account_type="service_unverified")
    assert unverified.connected.settings["tags"] == []


async def test_a_tag_that_is_gone_and_one_that_is_none(at_work, made):
    there = await at_work("wechat")
    with pytest.raises(Rejected) as raised:
        await to_the_end(there, made("text_send", options={"tag": "999"}))
    assert (raised.value.field, raised.value.reason) == ("options.tag", "tag_gone")
    before = len(there.faults.seen)
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, made("text_send", options={"tag": "vip"}))
    assert raised.value.reason == "tag_gone"
    assert len(there.faults.seen) == before


async def test_sends_to_a_tag_take_no_place_among_the_four_of_a_month(at_work, made):
    there = await at_work("wechat")
    for _ in range(5):
        await to_the_end(there, made("text_send", options={"tag": TAG}))
    for _ in range(4):
        await to_the_end(there, made("text_send"))
    with pytest.raises(Rejected) as raised:
        await to_the_end(there, made("image_send"))
    assert raised.value.reason == "mass_quota_used"


@pytest.mark.parametrize("kind", ["text_send", "image_send", "video_send"])
async def test_a_lost_answer_is_adopted_under_the_same_key(at_work, made, kind):
    there = await at_work("wechat")
    outgoing = made(kind)
    outgoing = replace(outgoing, handle=(await publishing.publish(there.session, outgoing)).handle)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    asked = len(there.faults.seen)
    found = await publishing.look_up(there.session, outgoing)
    assert len(there.faults.seen) == asked
    while isinstance(found, Processing):
        found = await publishing.follow(there.session, replace(outgoing, handle=found.handle))
    assert [item.id for item in there.platform.posts()] == [found.remote_id]


async def test_a_key_that_wechat_has_forgotten(at_work, made, time):
    there = await at_work("wechat")
    outgoing = made("text_send")
    outgoing = replace(outgoing, handle=(await publishing.publish(there.session, outgoing)).handle)
    time(hours=23, minutes=1)
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "key_forgotten"
    doubtful = json.dumps({**json.loads(outgoing.handle), "doubt": True})
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, replace(outgoing, handle=doubtful))
    # Without a doubt it was never sent, however long ago the first step was.
    assert isinstance(await publishing.follow(there.session, outgoing), Processing)


async def test_files_cleared_away_between_the_steps(at_work, made):
    there = await at_work("wechat")
    for kind in ("image_send", "video_send"):
        outgoing = made(kind)
        outgoing = replace(outgoing, handle=(await publishing.publish(there.session, outgoing)).handle)
        again = await publishing.publish(there.session, outgoing)
        assert json.loads(again.handle)["files"] == json.loads(outgoing.handle)["files"]
        there.platform.memory["wechat"].update(pictures={}, videos={})
        with pytest.raises(Rejected) as raised:
            await publishing.follow(there.session, outgoing)
        assert raised.value.field == "media"
        assert isinstance(await to_the_end(there, outgoing), Published)


async def test_words_without_the_right_stop_before_anything_is_stored(at_work, made):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/message/mass"]
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, made("text_send"))
    assert raised.value.reason == "not_permitted"


async def test_the_link_stands_below_the_words_and_counts(at_work, made, duty):
    there = await at_work("wechat")
    link = "https://x.cn/menu"
    live = await to_the_end(there, made("text_send", link=link))
    assert there.platform.items[live.remote_id].text == f"明前龙井到店\n{link}"
    twice = duty("text_send", f"看 {link}", link=link)
    live = await to_the_end(there, twice)
    assert there.platform.items[live.remote_id].text == f"看 {link}"
    for text in ("茶" * 595, "🍵" * 510):
        with pytest.raises(Rejected) as raised:
            publishing.check(there.session, duty("text_send", text, link=link))
        assert raised.value.reason == "too_long_with_link"


async def test_words_and_pictures_stay_and_a_video_can_be_deleted(at_work, made):
    there = await at_work("wechat")
    for kind in ("text_send", "image_send"):
        live = await to_the_end(there, made(kind))
        with pytest.raises(Rejected) as raised:
            await publishing.withdraw(there.session, live.remote_id)
        assert raised.value.reason == "stays_sent"
    with pytest.raises(Rejected) as raised:
        await publishing.withdraw(there.session, "olan:0123456789abcdef")
    assert raised.value.reason == "stays_sent"
    live = await to_the_end(there, made("video_send"))
    await publishing.withdraw(there.session, live.remote_id)
    assert live.remote_id not in there.platform.items


async def test_a_reprint_is_sent_when_it_is_asked_for(at_work, made, monkeypatch):
    there = await at_work("wechat")
    told = []
    whole = publishing.send_step.App.call

    async def call(self, path, payload=None, **more):
        if path.endswith("sendall"):
            told.append(payload["send_ignore_reprint"])
        return await whole(self, path, payload, **more)

    monkeypatch.setattr("kitestring.connectors.wechat.client.App.call", call)
    await to_the_end(there, made("mass_send"))
    await to_the_end(there, made("mass_send", options={"reprint": "yes"}))
    assert told == [0, 1]


# Picture posts


async def test_a_picture_post_is_published_with_its_pictures(at_work, made, picture):
    there = await at_work("wechat")
    media = tuple(picture(f"p{n}") for n in range(3))
    live = await to_the_end(there, made("pictures", media=media, options={"comments": "followers"}))
    item = there.platform.items[live.remote_id]
    assert (item.title, item.text, len(item.media)) == ("春茶", "明前龙井到店", 3)
    assert not item.extra["pushed"]
    assert item.extra["followers_only"]
    assert live.url.startswith(f"{there.base_url}/s?")
    await publishing.withdraw(there.session, live.remote_id)
    assert there.platform.posts() == []


async def unheard(there, outgoing):
    """Its draft is handed over, and the answer is lost."""
    outgoing = replace(outgoing, handle=(await publishing.publish(there.session, outgoing)).handle)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    return outgoing


async def test_where_the_list_tells_no_cover_the_title_does(at_work, made):
    there = await at_work("wechat")
    await to_the_end(there, made("pictures", title="夏茶"))
    there.platform.memory["wechat"]["bare_list"] = True
    outgoing = await unheard(there, made("pictures"))
    found = await publishing.look_up(there.session, outgoing)
    assert there.platform.items[found.remote_id].title == "春茶"


async def test_two_that_cannot_be_told_apart_are_for_a_person(at_work, made):
    there = await at_work("wechat")
    await to_the_end(there, made("pictures"))
    there.platform.memory["wechat"]["bare_list"] = True
    outgoing = await unheard(there, made("pictures"))
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "picture_post_unheard"


async def test_a_lost_answer_while_files_go_up_is_only_tried_again(at_work, made, picture):
    there = await at_work("wechat")
    outgoing = made("pictures", media=(picture("a"), picture("b")))
    there.faults.next(Fault("drop_after", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, outgoing)
    assert isinstance(await to_the_end(there, outgoing), Published)
