"""WordPress: articles changed, filed and found again; comments held, let through, binned; an account's health in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp import web

from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.wordpress import (
    articles,
    diagnostics,
    editing,
    emulator,
    inbox,
    moderation,
    publishing,
)
from kitestring.connectors.wordpress.client import MANIFEST, refusal
from kitestring.kit.http import Answer


async def _live(there, duty, **more):
    return await publishing.publish(there.session, duty("post", "Một đoạn", title="Trà mới", **more))


async def test_an_edit_keeps_what_stands_in_the_article(at_work, duty, picture):
    there = await at_work("wordpress")
    live = await _live(there, duty, media=(picture("a", "Một"), picture("b", "Hai")), link="https://x.vn/a")
    item = there.platform.items[live.remote_id]
    slug = item.extra["slug"]
    told = duty("post", "Đã sửa", title="Trà sen", link="https://x.vn/b", options={"excerpt": "Ngắn"})
    assert await editing.edit(there.session, live.remote_id, told) == live
    assert item.extra["html"].startswith("<p>Đã sửa</p>\n<figure><img ")
    assert ("https://x.vn/b" in item.extra["html"], "https://x.vn/a" in item.extra["html"]) == (True, False)
    assert (item.title, item.extra["excerpt"], item.extra["slug"]) == ("Trà sen", "Ngắn", slug)
    await editing.edit(there.session, live.remote_id, duty("post", "Lần nữa"))
    assert (item.title, item.extra["excerpt"]) == ("Trà sen", "Ngắn")


@pytest.mark.parametrize("tag", ["figure", "FIGURE"])
async def test_an_edit_does_not_cut_a_gallery_in_two(at_work, duty, tag):
    there = await at_work("wordpress")
    live = await _live(there, duty)
    item = there.platform.items[live.remote_id]
    one, two = (f'<{tag} class="wp-block-image"><img src="/{n}.jpg" alt=""></{tag}>' for n in "ab")
    html = f'<p>Xưa</p><{tag} class="wp-block-gallery has-nested-images">{one}{two}</{tag}>'
    item.extra["html"] = html
    with pytest.raises(Rejected) as raised:
        await editing.edit(there.session, live.remote_id, duty("post", "Mới", title="Mới"))
    assert (raised.value.field, raised.value.reason) == ("text", "figures_nested")
    assert (item.title, item.extra["html"]) == ("Trà mới", html)
    item.extra["html"] = f"<p>Xưa</p>{one}{two}"
    await editing.edit(there.session, live.remote_id, duty("post", "Mới", title="Mới"))
    assert item.extra["html"] == f"<p>Mới</p>\n{one}\n{two}"


async def test_our_own_comment_is_changed_and_what_is_gone_says_so(at_work, duty):
    there = await at_work("wordpress")
    live = await _live(there, duty)
    said = await publishing.publish(
        there.session, duty("reply", "7 giờ", reply_to=live.remote_id, root=live.remote_id)
    )
    await editing.edit(there.session, said.remote_id, duty("reply", "8 giờ & <sáng>"))
    assert there.platform.items[said.remote_id].text == "8 giờ & <sáng>"
    for remote_id, kind in (("4711", "post"), ("c4711", "reply"), ("../x", "post"), ("cx", "reply")):
        with pytest.raises(Rejected) as raised:
            await editing.edit(there.session, remote_id, duty(kind, "x", title="y"))
        assert raised.value.reason == "gone"


async def test_tags_are_found_before_they_are_made(at_work, duty):
    there = await at_work("wordpress")
    options = {"tags": "Trà, #Mùa thu、trà", "category": "3", "address": "tra mua thu", "sticky": "yes"}
    live = await _live(there, duty, options={**options, "comments_closed": "yes"})
    extra = there.platform.items[live.remote_id].extra
    assert [one["name"] for one in there.platform.memory["tags"]] == ["trà", "Mùa thu"]
    assert (extra["categories"], extra["sticky"], extra["comment_status"]) == ([3], True, "closed")
    assert extra["slug"].startswith("tra-mua-thu-")
    again = await _live(there, duty, options={"tags": "Mùa Thu, Tra"})
    assert there.platform.items[again.remote_id].extra["tags"][0] == extra["tags"][1]
    assert [one["slug"] for one in there.platform.memory["tags"]] == ["tra", "mua-thu", "tra-2"]


async def test_a_tag_that_the_search_did_not_give_is_taken_by_its_number(at_work, duty, monkeypatch):
    there = await at_work("wordpress")
    await _live(there, duty, options={"tags": "Trà"})

    async def nothing(request):
        return web.json_response([])

    monkeypatch.setattr(emulator.terms, "tags", nothing)
    blind = await at_work("wordpress", platform=there.platform)
    live = await publishing.publish(blind.session, duty("post", "x", title="y", options={"tags": "trà"}))
    extra = there.platform.items[live.remote_id].extra
    assert extra["tags"] == [there.platform.memory["tags"][0]["id"]]
    assert len(there.platform.memory["tags"]) == 1


async def test_settings_that_cannot_be(at_work, duty):
    there = await at_work("wordpress")
    with pytest.raises(Rejected) as raised:
        publishing.check(
            there.session, duty("post", "x", title="y", options={"tags": ",".join("abcdefghijklmnopqrstu")})
        )
    assert (raised.value.field, raised.value.reason) == ("options.tags", "tags_too_many")
    with pytest.raises(Rejected) as raised:
        await _live(there, duty, options={"category": "Tin tức"})
    assert raised.value.reason == "category_gone"
    there.platform.memory["without"] = ["edit_others_posts"]
    with pytest.raises(Rejected) as raised:
        await _live(there, duty, options={"sticky": "yes"})
    assert (raised.value.field, raised.value.reason) == ("options.sticky", "no_sticky")
    assert there.platform.posts() == []


async def test_a_post_with_other_words_in_its_address_is_found_again(at_work, duty):
    there = await at_work("wordpress")
    outgoing = duty("post", "x", title="Trà mới", options={"address": "khuyen mai"})
    live = await publishing.publish(there.session, outgoing)
    assert await publishing.look_up(there.session, outgoing) == live
    assert "/khuyen-mai-" in live.url


async def test_a_video_follows_the_words_and_a_picture_is_featured(at_work, duty, picture, tmp_path):
    there = await at_work("wordpress")
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42 no film")
    video = Media(path, "video/mp4", path.stat().st_size, "a" * 64, 'Pha "trà"', 320, 240, 1.0)
    live = await _live(there, duty, media=(video, picture("b", "Ly")))
    extra = there.platform.items[live.remote_id].extra
    assert extra["html"].count("<figure") == 1
    assert '<video controls="" src="' in extra["html"]
    assert '<figcaption>Pha "trà"</figcaption>' in extra["html"]
    assert extra["featured"] != 0
    assert articles.figures_in(extra["html"], "")[0][0].startswith('<figure class="wp-block-video">')
    alone = await _live(there, duty, media=(video,))
    assert there.platform.items[alone.remote_id].extra["featured"] == 0


async def test_a_comment_is_held_let_through_and_binned(at_work, duty):
    there = await at_work("wordpress")
    live = await _live(there, duty)
    there.platform.comment(live.remote_id, "lan", "Lan", "Giá?")
    [comment] = (await inbox.fetch(there.session, [live.remote_id], "")).messages
    await moderation.hide(there.session, comment.remote_id, True)
    [held] = (await inbox.fetch(there.session, [live.remote_id], "")).messages
    assert held.awaits_moderation
    await moderation.approve(there.session, comment.remote_id)
    await moderation.approve(there.session, comment.remote_id)
    there.platform.items[comment.remote_id[1:]].extra["status"] = "spam"
    for deed in (
        moderation.approve(there.session, comment.remote_id),
        moderation.hide(there.session, "c4711", True),
        moderation.remove(there.session, "no comment"),
    ):
        with pytest.raises(Rejected) as raised:
            await deed
        assert raised.value.reason == "gone"


async def _reasons(session):
    return {one.reason: one.state for one in (await diagnostics.examine(session)).findings}


async def test_health_by_rights(at_work):
    there = await at_work("wordpress")
    assert await _reasons(there.session) == {"health_good": "good", "role_told": "good"}
    there.platform.memory["without"] = ["publish_posts", "moderate_comments"]
    found = await _reasons(there.session)
    assert (found["cannot_publish"], found["cannot_moderate"]) == ("bad", "warning")
    there.faults.always(Fault("retired"))
    assert await _reasons(there.session) == {"no_rest": "bad"}


async def test_categories_and_rights_are_read_anew(at_work):
    there = await at_work("wordpress")
    before = replace(there.session, settings={**there.session.settings, "categories": [], "moderates": False})
    told = (await diagnostics.examine(before)).settings
    assert ({"value": "3", "label": "Tin tức"} in told["categories"], told["moderates"]) == (True, True)


async def test_application_passwords_switched_off_are_no_wrong_password(at_work, monkeypatch):
    there = await at_work("wordpress")
    shut = replace(
        there.session, grant=replace(there.session.grant, secrets={"user": "x", "app_password": "y"})
    )
    with pytest.raises(GrantExpired):
        await diagnostics.examine(shut)
    real = emulator._log_in

    @web.middleware
    async def no_passwords(request, handler):
        if request.path.endswith("/wp-json/"):
            request[emulator.MEMBER] = ""
            return await handler(request)
        return await real(request, handler)

    monkeypatch.setattr(emulator, "_log_in", no_passwords)
    other = await at_work("wordpress")
    other.platform.memory["ways"] = []
    shut = replace(
        other.session, grant=replace(other.session.grant, secrets={"user": "x", "app_password": "y"})
    )
    assert await _reasons(shut) == {"app_passwords_off": "bad"}


@pytest.mark.parametrize(
    "code", ["rest_cannot_access", "rest_login_required", "itsec_rest_api_access_restricted"]
)
def test_a_plugin_that_shut_the_interface_ends_no_consent(code):
    """Codes of security plugins: assumed, never seen by us."""
    body = f'{{"code": "{code}", "message": "DRA: Only authenticated users", "data": {{"status": 401}}}}'
    error = refusal(Answer(401, {"content-type": "application/json"}, body.encode()))
    assert isinstance(error, Rejected)
    assert error.reason == "rest_closed"
    for language in ("en", "zh-hans", "vi"):
        assert sentence("rest_closed", {}, language, MANIFEST)


async def test_a_site_that_does_not_answer_to_a_tag_is_later(at_work, duty):
    there = await at_work("wordpress")
    there.faults.next(Fault("down"))
    with pytest.raises(RetryLater):
        await _live(there, duty, options={"tags": "Trà"})
    assert there.platform.posts() == []


async def test_a_placed_picture_keeps_its_place_when_the_words_change(at_work, duty, picture):
    there = await at_work("wordpress")
    media = tuple(replace(picture(name), name=name) for name in ("bia", "sen"))
    outgoing = duty("post", "Đầu\n\n![Hoa](file:sen)\n\nCuối", title="Trà mới", media=media)
    live = await publishing.publish(there.session, outgoing)
    changed = replace(outgoing, text="![Hoa](file:sen)\n\nCuối mới", media=())
    await editing.edit(there.session, live.remote_id, changed)
    html = there.platform.items[live.remote_id].extra["html"]
    assert html.index("<img") < html.index("Cuối mới")
    assert html.count("<figure") == 1
    assert 'alt="Hoa"' in html
    with pytest.raises(Rejected) as raised:
        await editing.edit(there.session, live.remote_id, replace(changed, text="x ![](file:other)"))
    assert raised.value.reason == "article_picture_lost"
