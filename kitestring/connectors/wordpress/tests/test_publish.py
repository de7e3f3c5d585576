"""WordPress: a post goes live once, with its pictures, and is found again after a lost answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from aiohttp import web

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectors.wordpress import publishing
from kitestring.connectors.wordpress.slugs import mark, slug
from kitestring.kit.ids import uuid7


async def test_a_post_with_pictures(at_work, duty, picture):
    there = await at_work("wordpress")
    first, second = picture("a", "Ly trà xanh"), picture("b", 'Hiên nhà "cũ"')
    outgoing = duty(
        "post", "Chào buổi sáng\n\n**Mới** <3", title="Trà mới", media=(first, second), link="https://x.vn/m"
    )
    live = await publishing.publish(there.session, outgoing)
    item = there.platform.items[live.remote_id]
    assert item.title == "Trà mới"
    assert item.extra["html"] == (
        "<p>Chào buổi sáng</p>\n<p><strong>Mới</strong> &lt;3</p>\n"
        f'<figure><img src="{there.base_url}/wp-content/uploads/{slug("Trà mới", outgoing.key)}-2" '
        'alt="Hiên nhà &quot;cũ&quot;"></figure>\n<p><a href="https://x.vn/m">https://x.vn/m</a></p>'
    )
    assert {m["alt"] for m in item.media} == {"Ly trà xanh", 'Hiên nhà "cũ"'}
    assert live.url == f"{there.base_url}/{slug('Trà mới', outgoing.key)}/"


async def test_a_picture_stands_where_the_text_places_it(at_work, duty, picture):
    there = await at_work("wordpress")
    media = tuple(replace(picture(name), name=name) for name in ("bia", "sen", "ly"))
    outgoing = duty("post", "Đầu\n\n![Hoa](file:sen)\n\n---\n\nCuối", title="Trà mới", media=media)
    live = await publishing.publish(there.session, outgoing)
    html = there.platform.items[live.remote_id].extra["html"]
    assert re.findall(r"Đầu|Hoa|-\d\"|<hr>|Cuối", html) == ["Đầu", '-2"', "Hoa", "<hr>", "Cuối", '-3"']


async def test_a_lost_answer_is_found_by_the_slug(at_work, duty):
    there = await at_work("wordpress")
    outgoing = duty("post", "x", title="Trà mới")
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, outgoing)
    found = await publishing.look_up(there.session, outgoing)
    assert found is not None
    assert [i.id for i in there.platform.posts()] == [found.remote_id]


async def test_it_is_found_even_when_the_title_has_changed_since(at_work, duty):
    there = await at_work("wordpress")
    outgoing = duty("post", "x", title="Trà mới")
    live = await publishing.publish(there.session, outgoing)
    found = await publishing.look_up(there.session, replace(outgoing, title="Trà cũ"))
    assert found == live


async def test_nothing_there_is_none(at_work, duty):
    there = await at_work("wordpress")
    await publishing.publish(there.session, duty("post", "x", title="Khác"))
    assert await publishing.look_up(there.session, duty("post", "x", title="Trà mới")) is None


async def test_a_second_publish_of_the_same_duty_leaves_one_post(at_work, duty):
    there = await at_work("wordpress")
    outgoing = duty("post", "x", title="Trà mới")
    first = await publishing.publish(there.session, outgoing)
    assert await publishing.publish(there.session, outgoing) == first
    assert len(there.platform.posts()) == 1


async def test_a_lost_answer_to_an_upload_is_tried_again_without_a_second_picture(at_work, duty, picture):
    there = await at_work("wordpress")
    outgoing = duty("post", "x", title="Trà mới", media=(picture(),))
    # The requests of one publish: is the picture there? upload it, post.
    there.faults.next(Fault("slow", seconds=0.0), Fault("drop_after"))
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, outgoing)
    await publishing.publish(there.session, outgoing)
    assert len(there.platform.memory["media"]) == 1
    assert len(there.platform.posts()) == 1


async def test_a_site_closed_for_an_update_says_when_to_come_back(at_work, duty, monkeypatch):
    there = await at_work("wordpress")
    closed = {"code": "wp_die", "message": "Briefly unavailable", "data": {"status": 503}}
    monkeypatch.setattr(
        "kitestring.connectorkit.faults.wrong",
        lambda *_: _answer(web.json_response(closed, status=503, headers={"Retry-After": "600"})),
    )
    there.faults.next(Fault("down", at="store"))
    with pytest.raises(RetryLater) as raised:
        await publishing.publish(there.session, duty("post", "x", title="Trà mới"))
    assert (raised.value.reason, raised.value.after) == ("maintenance", 600)


async def _answer(response):
    return response


async def test_a_web_page_instead_of_an_answer_is_unclear(at_work, duty):
    there = await at_work("wordpress")
    there.faults.next(Fault("html", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty("post", "x", title="Trà mới"))


async def test_a_revoked_password(at_work, duty):
    there = await at_work("wordpress")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired):
        await publishing.publish(there.session, duty("post", "x", title="Trà mới"))


async def test_a_file_the_site_refuses_is_the_media_s_fault(at_work, duty, picture):
    there = await at_work("wordpress")
    lying = picture()
    lying.path.write_text("not a picture")
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("post", "x", title="Trà", media=(lying,)))
    assert raised.value.field == "media"
    assert there.platform.posts() == []


async def test_a_post_without_a_title_is_refused_before_any_call(at_work, duty):
    there = await at_work("wordpress")
    before = len(there.faults.seen)
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("post", "x", title="  "))
    assert raised.value.field == "title"
    assert len(there.faults.seen) == before


async def test_withdraw_twice(at_work, duty):
    there = await at_work("wordpress")
    live = await publishing.publish(there.session, duty("post", "x", title="Trà mới"))
    await publishing.withdraw(there.session, live.remote_id)
    await publishing.withdraw(there.session, live.remote_id)
    assert there.platform.posts() == []


def test_slugs_are_readable_and_end_in_the_key():
    key = uuid7()
    assert slug("Bánh mì Đà Lạt – mới!", key) == f"banh-mi-da-lat-moi-{mark(key)}"
    assert slug("春茶上新", key) == f"post-{mark(key)}"
    assert len({mark(uuid7()) for _ in range(1000)}) == 1000
