"""Topics, answers, private talks: where they go, the forum's own limits, review, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Processing, Published
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.discourse import auth, editing, emulator, moderation, publishing
from kitestring.kit import clock

TITLE, TEXT = "Trà sen mùa thu", "Trà mới đã về quán, mời cả nhà ghé thử 新茶到店"


async def test_a_topic_has_category_tags_link_and_pictures(
    at_work: Any, duty: Any, picture: Callable[..., Media]
) -> None:
    there = await at_work("discourse")
    kept, media = Kept(), (picture("a", alt="Một [tách] trà | sen"),)
    options = {"category": "4", "tags": "tea, mới"}
    outgoing = duty("topic", TEXT, title=TITLE, link="https://vidu.vn/tra", media=media, options=options)
    done = await publishing.publish(there.session, replace(outgoing, uploads=kept))
    item = there.platform.items[done.remote_id]
    assert item.text.startswith(
        f"{TEXT}\n\nhttps://vidu.vn/tra\n\n![Một  tách  trà   sen|640x400](upload://"
    ) or ("![Một tách trà sen|640x400](upload://" in item.text)
    assert (item.title, item.extra["category"]) == (TITLE, 4)
    assert item.extra["tags"] == [{"id": 10, "name": "tea"}, {"name": "mới"}]
    assert done.url == f"{there.base_url}/t/topic-{done.remote_id}/{done.remote_id}"
    [(_, until)] = kept.known.values()
    assert until is not None
    assert timedelta(hours=39) < until - clock.now() < timedelta(hours=48)


async def test_an_older_forum_takes_tags_by_name(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    there.platform.memory["discourse"]["old"] = True
    done = await publishing.publish(
        there.session, duty("topic", TEXT, title=TITLE, options={"tags": "tea，#news"})
    )
    assert there.platform.items[done.remote_id].extra["tags"] == ["tea", "news"]


async def test_to_chosen_members_it_is_a_private_message(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    outgoing = duty("topic", TEXT, title=TITLE, options={"recipients": "@lan_anh, minh", "category": "4"})
    done = await publishing.publish(there.session, outgoing)
    extra = there.platform.items[done.remote_id].extra
    assert (extra["target_recipients"], extra.get("category")) == ("lan_anh,minh", None)
    assert await publishing.look_up(there.session, outgoing) is not None


@pytest.mark.parametrize(
    ("kind", "text", "title", "field", "reason"),
    [
        ("topic", "Ngắn", TITLE, "text", "text_too_short"),
        ("topic", TEXT, "Trà", "title", "title_too_short"),
        ("topic", "茶" * 32001, TITLE, "text", "too_long"),
        ("topic", TEXT, "茶" * 256, "title", "title_too_long"),
        ("reply", "Vâng", "", "text", "text_too_short"),
    ],
)
async def test_the_forums_own_limits_hold_before_sending(
    at_work: Any, duty: Any, kind: str, text: str, title: str, field: str, reason: str
) -> None:
    there = await at_work("discourse")
    asked = len(there.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, duty(kind, text, title=title, reply_to="57"))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(there.faults.seen) == asked


async def test_the_key_is_good_for_ever_and_the_same_topic_is_found_by_it(at_work: Any, duty: Any) -> None:
    late = timedelta(0)
    there = await at_work("discourse", platform=Platform(clock=lambda: clock.now() + late))
    outgoing = duty("topic", TEXT, title=TITLE)
    first = await publishing.publish(there.session, outgoing)
    late = timedelta(days=400)
    again = await publishing.publish(there.session, outgoing)
    assert isinstance(again, Published)
    assert again.remote_id == first.remote_id, "the forum says that the key is taken, and we look whose it is"
    assert len(there.platform.posts()) == 1
    await publishing.withdraw(there.session, first.remote_id)
    assert await publishing.look_up(there.session, outgoing) is None


@pytest.mark.parametrize(
    ("change", "field", "reason"), [("text", "title", "title_used"), ("title", "text", "duplicate")]
)
async def test_what_stands_there_already_is_refused(
    at_work: Any, duty: Any, change: str, field: str, reason: str
) -> None:
    there = await at_work("discourse")
    await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))
    other = {"text": TEXT, "title": TITLE} | {change: "Hoàn toàn khác, lời mới"}
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, duty("topic", other["text"], title=other["title"]))
    assert (caught.value.field, caught.value.reason) == (field, reason)


async def test_an_answer_stands_under_what_it_answers_and_is_found_by_its_words(
    at_work: Any, duty: Any
) -> None:
    there = await at_work("discourse")
    topic = (await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))).remote_id
    asked = there.platform.comment(topic, "lan-anh", "Lan Anh", "Mấy giờ mở cửa?")
    answer = duty("reply", "Quán mở từ 7 giờ sáng.", reply_to=f"{topic}/{asked.id}", root=topic)
    assert await publishing.look_up(there.session, answer) is None
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, answer)
    found = await publishing.look_up(there.session, answer)
    assert isinstance(found, Published)
    item = there.platform.items[found.remote_id]
    assert (item.parent, item.root) == (asked.id, topic)
    late = replace(answer, stamp=clock.now() + timedelta(minutes=5))
    assert await publishing.look_up(there.session, late) is None, "what stood there before is not it"
    there.platform.remove(asked.id)
    gone = duty("reply", "Không còn ai ở đây.", reply_to=f"{topic}/{asked.id}", root=topic)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, gone)
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


@pytest.mark.parametrize("odd", ["", "x", "57/", "1/2/3", "９"])
async def test_an_id_that_is_none_is_gone(at_work: Any, duty: Any, odd: str) -> None:
    there = await at_work("discourse")
    with pytest.raises(Rejected) as caught:
        publishing.check(there.session, duty("reply", "Xin chào quý khách", reply_to=odd))
    assert caught.value.reason == "deleted"


async def test_a_topic_that_waits_for_a_moderator_is_followed_to_its_end(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    there.platform.memory["discourse"]["review"] = True
    outgoing = duty("topic", TEXT, title=TITLE)
    step = await publishing.publish(there.session, outgoing)
    assert isinstance(step, Processing)
    assert step.waits_for == "moderator_approves"
    outgoing = replace(outgoing, handle=step.handle)
    assert isinstance(await publishing.follow(there.session, outgoing), Processing)
    assert isinstance(await publishing.look_up(there.session, outgoing), Processing), (
        "never surely absent meanwhile"
    )
    emulator.confirm(there.platform, step.handle)
    done = await publishing.follow(there.session, outgoing)
    assert isinstance(done, Published)
    assert done.remote_id == there.platform.posts()[0].id
    there.platform.remove(done.remote_id)
    with pytest.raises(Rejected) as caught:
        await publishing.follow(there.session, outgoing)
    assert caught.value.reason == "review_refused"


async def test_about_an_answer_that_was_reviewed_a_person_is_asked(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    topic = (await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))).remote_id
    there.platform.memory["discourse"]["review"] = True
    answer = duty("reply", "Quán mở từ 7 giờ sáng.", reply_to=topic, root=topic)
    step = await publishing.publish(there.session, answer)
    emulator.confirm(there.platform, step.handle)
    with pytest.raises(Ambiguous) as caught:
        await publishing.follow(there.session, replace(answer, handle=step.handle))
    assert caught.value.reason == "review_ended"


async def test_a_new_title_is_changed_too(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    done = await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))
    changed = duty("topic", "Sửa lại: trà đã hết, hẹn mùa sau", title="Trà sen đã hết")
    assert (await editing.edit(there.session, done.remote_id, changed)).remote_id == done.remote_id
    item = there.platform.items[done.remote_id]
    assert (item.text, item.title) == (changed.text, changed.title)


async def test_a_like_is_for_a_post_and_a_gone_one_is_told(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    topic = (await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))).remote_id
    for wrong in (topic, f"{topic}/999999"):
        with pytest.raises(Rejected) as caught:
            await moderation.like(there.session, wrong, True)
        assert caught.value.reason == "gone"


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"api_key": "another"}, "api_key", "key_wrong"),
        ({"username": "somebody"}, "api_key", "key_wrong"),
        ({"api_key": "key-another"}, "api_key", "key_wrong"),
    ],
)
async def test_what_is_typed_wrongly_is_said_at_its_field(
    at_work: Any, changed: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(Rejected) as caught:
        await at_work("discourse", **changed)
    assert (caught.value.field, caught.value.reason) == (field, reason)


async def test_categories_and_limits_are_the_forums_own(at_work: Any) -> None:
    platform = Platform()
    platform.memory["discourse"] = {"restricted": [1, 5], "staff": False}
    there = await at_work("discourse", platform=platform)
    assert there.connected.settings["categories"] == [{"value": "4", "label": "Tin tức"}]
    assert there.connected.settings["limits"]["min_title"] == 6
    assert there.connected.capabilities["remove"] == "not_staff"
    platform.memory["discourse"]["restricted"] = [1, 4, 5]
    again = await auth.connect(there.session.http, there.session.urls, there.typed)
    assert again.capabilities["publishing"] == "no_category"


async def test_pictures_stay_where_the_words_change(
    at_work: Any, duty: Any, picture: Callable[..., Media]
) -> None:
    there = await at_work("discourse")
    sent = replace(duty("topic", TEXT, title=TITLE, media=(picture("a", alt="Trà"),)), uploads=Kept())
    done = await publishing.publish(there.session, sent)
    (stood,) = editing.PICTURE.findall(there.platform.items[done.remote_id].text)
    for _ in range(2):
        await editing.edit(there.session, done.remote_id, duty("topic", f"{TEXT} hôm nay", title=TITLE))
        said = there.platform.items[done.remote_id].text
        assert said.count(stood) == 1
        assert said.startswith(f"{TEXT} hôm nay")
