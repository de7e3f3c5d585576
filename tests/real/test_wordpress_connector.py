"""The WordPress connector against a real WordPress: the judge of our emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Connected, Media, Outgoing, Published, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.sandbox.real.wordpress import WordPressSite

CONNECTOR = registry.get("wordpress")


@dataclass
class There:
    site: WordPressSite
    session: Session
    connected: Connected


@pytest.fixture
async def there(wordpress_site: WordPressSite) -> AsyncIterator[There]:
    connected = await _connect(wordpress_site, wordpress_site.application_password)
    async with _session(connected) as session:
        yield There(wordpress_site, session, connected)


async def _connect(site: WordPressSite, password: str, user: str = "") -> Connected:
    typed = {"url": site.url, "user": user or site.user, "app_password": password}
    async with sessions.connecting(CONNECTOR.manifest, typed, allow_loopback=True) as (http, urls):
        return await CONNECTOR.auth.connect(http, urls, typed)


def _session(connected: Connected) -> Any:
    return sessions.session(
        CONNECTOR.manifest,
        connected.grant,
        remote_id=connected.remote_id,
        handle=connected.handle,
        settings=connected.settings,
        allow_loopback=True,
    )


def _duty(kind: str, text: str, **more: Any) -> Outgoing:
    return Outgoing(uuid7(), clock.now(), kind, text, **more)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str, str], Media]:
    def make(colour: str, alt: str) -> Media:
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (320, 200), colour).save(path)
        return Media(path, "image/png", path.stat().st_size, colour, alt, 320, 200)

    return make


async def _post(there: There, **more: Any) -> tuple[Outgoing, Published]:
    outgoing = _duty("post", "Một đoạn **mới** <3\n\nHai & ba", title="Trà <sen> & 春茶", **more)
    live = await CONNECTOR.publishing.publish(there.session, outgoing)
    assert isinstance(live, Published)
    return outgoing, live


async def test_connecting_probes_the_rights(wordpress_site: WordPressSite, there: There) -> None:
    assert there.connected.capabilities == dict.fromkeys(("publish", "media", "moderate", "remove"), True)
    assert {"value": "1", "label": "Uncategorized"} in there.connected.settings["categories"]
    reader = await _connect(
        wordpress_site, wordpress_site.reader_application_password, user=wordpress_site.reader
    )
    assert reader.capabilities["publish"] == "cannot_publish"
    assert reader.capabilities["moderate"] == "cannot_moderate"
    async with _session(reader) as session:
        with pytest.raises(Rejected) as raised:
            await CONNECTOR.publishing.publish(session, _duty("post", "x", title="y"))
        assert raised.value.reason == "no_right"


async def test_a_wrong_password_is_said_so(wordpress_site: WordPressSite, there: There) -> None:
    with pytest.raises(Rejected) as raised:
        await _connect(wordpress_site, "abcd efgh ijkl mnop")
    assert raised.value.reason == "bad_login"
    revoked = replace(
        there.session,
        grant=replace(there.connected.grant, secrets={"user": "admin", "app_password": "no"}),
    )
    with pytest.raises(GrantExpired):
        await CONNECTOR.publishing.publish(revoked, _duty("post", "x", title="y"))


async def test_a_post_with_pictures_is_what_readers_see(there: There, picture: Any) -> None:
    red, blue = picture("red", 'Ly "đỏ"'), picture("blue", "Ly xanh")
    _, live = await _post(there, media=(red, blue), link="https://example.vn/thuc-don")
    row = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}?context=edit").expect(200).json()
    assert row["status"] == "publish"
    assert row["title"]["raw"] == "Trà <sen> & 春茶"
    assert row["content"]["raw"].startswith(
        "<p>Một đoạn <strong>mới</strong> &lt;3</p>\n<p>Hai &amp; ba</p>\n<figure>"
    )
    assert 'alt="Ly xanh"' in row["content"]["raw"]
    assert row["content"]["raw"].endswith(
        '<a href="https://example.vn/thuc-don">https://example.vn/thuc-don</a></p>'
    )
    featured = there.site.call("GET", f"/wp/v2/media/{row['featured_media']}").expect(200).json()
    assert featured["alt_text"] == 'Ly "đỏ"'
    assert live.url == row["link"]
    assert row["slug"].startswith("tra-sen-")


async def test_the_same_duty_twice_leaves_one_post_and_one_picture(there: There, picture: Any) -> None:
    outgoing, live = await _post(there, media=(picture("red", "x"),))
    assert await CONNECTOR.publishing.look_up(there.session, outgoing) == live
    assert await CONNECTOR.publishing.publish(there.session, outgoing) == live
    assert await CONNECTOR.publishing.look_up(there.session, replace(outgoing, title="Khác hẳn")) == live
    other = replace(outgoing, key=uuid7())
    assert await CONNECTOR.publishing.look_up(there.session, other) is None
    mark = live.url.rstrip("/").rpartition("-")[2]
    posts = there.site.call("GET", "/wp/v2/posts?per_page=100&status=any").expect(200).json()
    assert [p["id"] for p in posts if mark in p["slug"]] == [int(live.remote_id)]
    library = there.site.call("GET", "/wp/v2/media?per_page=100").expect(200).json()
    assert len([m for m in library if mark in m["slug"]]) == 1


async def test_the_conversation(there: There) -> None:
    _, live = await _post(there)
    post = int(live.remote_id)
    held = there.site.add_comment(post, "Giá bao nhiêu\nvà ở đâu ạ?")
    page = await CONNECTOR.inbox.fetch(there.session, [live.remote_id], "")
    (message,) = page.messages
    assert message.remote_id == f"c{held}"
    assert message.text == "Giá bao nhiêu\nvà ở đâu ạ?"
    assert (message.awaits_moderation, message.own) == (True, False)
    assert (await CONNECTOR.metrics.read(there.session, [live.remote_id]))[0].value == 0

    reply = _duty(
        "reply", "45.000đ & <ngon>", reply_to=message.remote_id, root=live.remote_id, options={"approve": "1"}
    )
    said = await CONNECTOR.publishing.publish(there.session, reply)
    assert await CONNECTOR.publishing.look_up(there.session, reply) == said
    assert await CONNECTOR.publishing.publish(there.session, reply) == said
    later = await CONNECTOR.inbox.fetch(there.session, [live.remote_id], page.cursor)
    assert [(m.own, m.text, m.parent_id) for m in later.messages] == [(True, "45.000đ & <ngon>", f"c{held}")]
    (reading,) = await CONNECTOR.metrics.read(there.session, [live.remote_id])
    assert (reading.metric, reading.value) == ("replies", 2)


async def test_refusals(there: There, picture: Any) -> None:
    _, live = await _post(there)
    with pytest.raises(Rejected) as gone:
        await CONNECTOR.publishing.publish(
            there.session, _duty("reply", "x", reply_to="c99999", root=live.remote_id)
        )
    assert gone.value.reason == "comment_gone"
    lying = picture("red", "x")
    lying.path.write_text("not a picture")
    with pytest.raises(Rejected) as refused:
        await CONNECTOR.publishing.publish(there.session, _duty("post", "x", title="y", media=(lying,)))
    assert refused.value.field == "media"


async def test_a_withdrawn_post_is_gone_for_readers(there: There) -> None:
    outgoing, live = await _post(there)
    await CONNECTOR.publishing.withdraw(there.session, live.remote_id)
    await CONNECTOR.publishing.withdraw(there.session, live.remote_id)
    assert there.site.call("GET", f"/wp/v2/posts/{live.remote_id}").expect(200).json()["status"] == "trash"
    assert await CONNECTOR.publishing.look_up(there.session, outgoing) is None


async def test_a_first_comment_stands_under_the_post_for_every_reader(there: There) -> None:
    _, live = await _post(there)
    first = _duty("reply", "Địa chỉ & giờ mở cửa: <7:00>", reply_to=live.remote_id, root=live.remote_id)
    assert await CONNECTOR.publishing.look_up(there.session, first) is None
    said = await CONNECTOR.publishing.publish(there.session, first)
    assert isinstance(said, Published)
    row = there.site.call("GET", f"/wp/v2/comments/{said.remote_id[1:]}?context=edit").expect(200).json()
    assert (row["post"], row["parent"], row["status"]) == (int(live.remote_id), 0, "approved")
    assert await CONNECTOR.publishing.look_up(there.session, first) == said
    assert await CONNECTOR.publishing.publish(there.session, first) == said
    page = await CONNECTOR.inbox.fetch(there.session, [live.remote_id], "")
    assert [(m.own, m.text, m.parent_id) for m in page.messages] == [(True, first.text, "")]
    await CONNECTOR.publishing.withdraw(there.session, said.remote_id)
    await CONNECTOR.publishing.withdraw(there.session, said.remote_id)
    assert await CONNECTOR.publishing.look_up(there.session, first) is None


async def test_an_edited_article_keeps_its_pictures_its_address_and_a_revision(
    there: There, picture: Any
) -> None:
    outgoing, live = await _post(there, media=(picture("red", "Đỏ"), picture("blue", "Ly xanh")))
    before = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}?context=edit").expect(200).json()
    told = replace(outgoing, text="Đã sửa & xong", title="Trà mới", media=(), link="https://example.vn/b")
    told = replace(told, options={"excerpt": "Ngắn gọn", "tags": "Trà Sen", "sticky": "yes"})
    assert await CONNECTOR.editing.edit(there.session, live.remote_id, told) == live
    row = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}?context=edit").expect(200).json()
    assert row["title"]["raw"] == "Trà mới"
    assert row["content"]["raw"].startswith("<p>Đã sửa &amp; xong</p>\n<figure>")
    assert 'alt="Ly xanh"' in row["content"]["raw"]
    assert "https://example.vn/b" in row["content"]["raw"]
    assert (row["slug"], row["featured_media"]) == (before["slug"], before["featured_media"])
    assert (row["excerpt"]["raw"], row["sticky"], len(row["tags"])) == ("Ngắn gọn", True, 1)
    kept = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}/revisions").expect(200).json()
    assert kept
    there.site.call("DELETE", f"/wp/v2/posts/{live.remote_id}").expect(200)
    with pytest.raises(Rejected) as gone:
        await CONNECTOR.editing.edit(there.session, live.remote_id, told)
    assert gone.value.reason == "gone"


async def test_filing_excerpt_and_closed_comments(there: There) -> None:
    tags = {
        "tags": "Trà, trà, #Mùa thu、春茶",
        "category": "1",
        "excerpt": "Vài lời",
        "address": "tra mua thu",
    }
    outgoing, live = await _post(there, options={**tags, "comments_closed": "yes"})
    row = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}?context=edit").expect(200).json()
    assert (row["categories"], len(row["tags"]), row["comment_status"]) == ([1], 3, "closed")
    assert row["slug"].startswith("tra-mua-thu-")
    assert await CONNECTOR.publishing.look_up(there.session, outgoing) == live
    again = replace(outgoing, key=uuid7(), options={"tags": "TRÀ, 春茶"})
    second = await CONNECTOR.publishing.publish(there.session, again)
    same = there.site.call("GET", f"/wp/v2/posts/{second.remote_id}").expect(200).json()
    assert len(set(same["tags"]) & set(row["tags"])) == 2
    first = _duty("reply", "Xin chào", reply_to=live.remote_id, root=live.remote_id)
    with pytest.raises(Rejected) as closed:
        await CONNECTOR.publishing.publish(there.session, first)
    assert closed.value.reason == "comments_closed"


async def test_a_video_stands_in_the_article(there: There, tmp_path: Path) -> None:
    path = film(tmp_path / "pha-tra.mp4")
    media = Media(path, "video/mp4", path.stat().st_size, "f" * 64, "Pha trà", 320, 240, 1.0)
    _, live = await _post(there, media=(media,))
    row = there.site.call("GET", f"/wp/v2/posts/{live.remote_id}?context=edit").expect(200).json()
    assert row["featured_media"] == 0
    assert '<video controls="" src=' in row["content"]["raw"]
    assert "<video" in row["content"]["rendered"]
    assert "Pha trà" in row["content"]["raw"]


async def test_comments_are_held_let_through_and_binned(there: There) -> None:
    _, live = await _post(there)
    number = there.site.add_comment(int(live.remote_id), "Giá bao nhiêu?")
    comment, moderation = f"c{number}", CONNECTOR.moderation

    def standing() -> str:
        row = there.site.call("GET", f"/wp/v2/comments/{number}?context=edit").expect(200).json()
        return str(row["status"])

    assert standing() == "hold"
    for _ in range(2):
        await moderation.approve(there.session, comment)
        assert standing() == "approved"
    for hidden in (True, True, False):
        await moderation.hide(there.session, comment, hidden)
        assert standing() == ("hold" if hidden else "approved")
    answer = _duty("reply", "45.000đ", reply_to=comment, root=live.remote_id)
    said = await CONNECTOR.publishing.publish(there.session, answer)
    await CONNECTOR.editing.edit(there.session, said.remote_id, _duty("reply", "50.000đ & <rẻ>"))
    row = there.site.call("GET", f"/wp/v2/comments/{said.remote_id[1:]}?context=edit").expect(200).json()
    assert row["content"]["raw"] == "50.000đ &amp; &lt;rẻ&gt;"
    for _ in range(2):
        await moderation.remove(there.session, comment)
        assert standing() == "trash"
    with pytest.raises(Rejected) as gone:
        await moderation.approve(there.session, comment)
    assert gone.value.reason == "gone"


async def test_numbers_and_health(wordpress_site: WordPressSite, there: There) -> None:
    await _post(there)
    told = {one.metric: one.value for one in await CONNECTOR.account_numbers.account(there.session)}
    for key, value in told.items():
        assert value == len(there.site.call("GET", f"/wp/v2/{key}?per_page=100").expect(200).json())
    assert set(told) == {"posts", "comments"}
    said = {one.reason: one for one in (await CONNECTOR.diagnostics.examine(there.session)).findings}
    assert set(said) == {"health_good", "role_told"}
    assert said["role_told"].params == {"role": "administrator"}
    reader = await _connect(
        wordpress_site, wordpress_site.reader_application_password, user=wordpress_site.reader
    )
    async with _session(reader) as session:
        few = {one.reason: one.state for one in (await CONNECTOR.diagnostics.examine(session)).findings}
    assert few["cannot_publish"] == "bad"
    assert few["cannot_moderate"] == "warning"
