"""The Bluesky connector against a real network (PDS, PLC directory, AppView): the judge of our emulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.contract import Connected, Media, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectors.bluesky import auth, inbox, metrics, publishing
from kitestring.connectors.bluesky.client import pds
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.records import record
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NoAnswer
from kitestring.kit.ids import uuid7
from kitestring.sandbox.real.bluesky import BlueskyNetwork

MANIFEST = registry.get("bluesky").manifest
T = TypeVar("T")
_numbers = iter(range(1000))


@dataclass
class Brand:
    """A brand's account on the real network, connected by app password."""

    network: BlueskyNetwork
    handle: str
    typed: dict[str, str]
    connected: Connected

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        who = self.connected
        async with sessions.session(
            MANIFEST, who.grant, remote_id=who.remote_id, handle=who.handle, settings=who.settings,
            allow_loopback=True, timeout=20, urls_override={"video": ""},
        ) as opened:  # fmt: skip
            yield opened


async def connect(typed: dict[str, str]) -> Connected:
    async with sessions.connecting(MANIFEST, typed, allow_loopback=True) as (http, urls):
        return await auth.connect(http, urls, typed)


@pytest.fixture
async def brand(bluesky_network: BlueskyNetwork) -> Brand:
    handle = f"quan{next(_numbers)}.test"
    _, password = bluesky_network.create_account(handle, f"{handle[:-5]}@example.test", "a long password")
    app_password = bluesky_network.create_app_password(handle, password)
    typed = {"url": bluesky_network.pds_url, "handle": f"@{handle}", "app_password": app_password}
    return Brand(bluesky_network, handle, typed, await connect(typed))


def duty(text: str, **more: Any) -> Outgoing:
    return Outgoing(uuid7(), clock.now(), more.pop("kind", "post"), text, language="vi", **more)


async def eventually(ask: Callable[[], Awaitable[T]], within: float = 20.0) -> T:
    """The first true answer. The network's view lags by a second or two."""
    async with asyncio.timeout(within):
        while not (found := await ask()):  # noqa: ASYNC110 - it asks a server, which tells nobody when it is ready
            await asyncio.sleep(0.3)
    return found


class LostAnswers(Client):
    """Really sends, and loses the answer of the record's call."""

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        if url.endswith("putRecord"):
            raise NoAnswer("lost on purpose")
        return answer


async def test_an_account_is_connected_by_its_app_password_alone(brand: Brand) -> None:
    assert brand.connected.handle == brand.handle
    assert brand.connected.remote_id.startswith("did:plc:")
    assert brand.connected.grant.expires_at is not None
    assert brand.connected.grant.expires_at > clock.now()
    assert brand.typed["app_password"] not in str(brand.connected.grant.secrets)
    with pytest.raises(Rejected) as caught:
        await connect({**brand.typed, "app_password": "abcd-efgh-ijkl-mnop"})
    assert (caught.value.field, caught.value.reason) == ("app_password", "bad_login")


async def test_a_renewed_session_publishes_and_a_made_up_one_has_ended(brand: Brand) -> None:
    async with brand.session() as session:
        renewed = await auth.renew(session)
        assert renewed.secrets != session.grant.secrets
        assert isinstance(await publishing.publish(replace(session, grant=renewed), duty("Mới")), Published)
        made_up = replace(session, grant=replace(renewed, secrets={"access": "a.b.c", "refresh": "a.b.c"}))
        with pytest.raises(GrantExpired):
            await auth.renew(made_up)
        with pytest.raises(GrantExpired):
            await publishing.publish(made_up, duty("Không"))


async def test_a_post_with_picture_link_mention_and_hashtag(brand: Brand, tmp_path: Path) -> None:
    friend = brand.network.visitor(f"ban{next(_numbers)}.test")
    picture = tmp_path / "tra.jpg"
    Image.new("RGB", (800, 600), "#2F4A3C").save(picture)
    media = Media(picture, "image/jpeg", picture.stat().st_size, "0" * 64, "Một tách trà sen", 800, 600)
    text = f"新茶🍵 cùng @{friend.handle} và @khong-ai.test, xem https://vidu.example/trà #trà_sen"
    async with brand.session() as session:
        done = await publishing.publish(session, duty(text, media=(media,)))
        assert isinstance(done, Published)
        kept = await record(session, session.remote_id, parts(done.remote_id)[1])
    assert kept is not None
    value = kept["value"]
    assert (value["text"], value["langs"]) == (text, ["vi"])
    covered = {}
    for facet in value["facets"]:
        stretch = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        feature = dict(facet["features"][0])
        covered[stretch] = (feature.pop("$type").partition("#")[2], *feature.values())
    assert covered == {
        f"@{friend.handle}": ("mention", friend.did),
        "https://vidu.example/trà": ("link", "https://vidu.example/trà"),
        "#trà_sen": ("tag", "trà_sen"),
    }
    [image] = value["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("Một tách trà sen", {"width": 800, "height": 600})
    view = await eventually(lambda: _seen(friend, done.remote_id))
    assert view["embed"]["images"][0]["alt"] == "Một tách trà sen"


async def _seen(visitor: Any, uri: str) -> Any:
    found = await asyncio.to_thread(visitor.get, "app.bsky.feed.getPosts", uris=uri)
    return found["posts"][0] if found["posts"] else None


async def test_a_link_without_picture_gets_its_card(brand: Brand) -> None:
    async with brand.session() as session:
        done = await publishing.publish(
            session, duty("Thực đơn", link="https://vidu.example/m", title="Thực đơn")
        )
        assert isinstance(done, Published)
        kept = await record(session, session.remote_id, parts(done.remote_id)[1])
    assert kept is not None
    assert kept["value"]["embed"]["external"] == {
        "uri": "https://vidu.example/m", "title": "Thực đơn", "description": "",
    }  # fmt: skip


async def test_a_lost_answer_is_found_again_and_never_doubled(brand: Brand) -> None:
    sent = duty("Chỉ một lần thôi 只此一次")
    async with brand.session() as session:
        assert await publishing.look_up(session, sent) is None
        async with LostAnswers(session.http.allowed, allow_loopback=True) as lossy:
            with pytest.raises(Ambiguous):
                await publishing.publish(replace(session, http=lossy), sent)
        found = await publishing.look_up(session, sent)
        assert isinstance(found, Published)
        again = await publishing.publish(session, sent)
        assert again == found
        listed = await asyncio.to_thread(
            brand.network.visitor(f"xem{next(_numbers)}.test").get,
            "com.atproto.repo.listRecords", repo=session.remote_id, collection="app.bsky.feed.post",
        )  # fmt: skip
        assert [one["uri"] for one in listed["records"]] == [found.remote_id]
        with pytest.raises(Rejected) as caught:
            await publishing.publish(session, replace(sent, text="Lời khác dưới cùng một khóa"))
        assert caught.value.reason == "key_taken"


async def test_an_answer_comes_in_ours_goes_out_and_likes_are_counted(brand: Brand) -> None:
    guest = brand.network.visitor(f"khach{next(_numbers)}.test")
    async with brand.session() as session:
        done = await publishing.publish(session, duty("Mở cửa cả Chủ nhật!"))
        assert isinstance(done, Published)
        posts = [done.remote_id]
        view = await eventually(lambda: _seen(guest, done.remote_id))
        post = (view["uri"], view["cid"])
        await asyncio.to_thread(guest.reply, post, "Chủ nhật mấy giờ? 几点？")
        await asyncio.to_thread(guest.like, post)
        page = await eventually(lambda: _page(session, posts))
        [asked] = page.messages
        assert (asked.text, asked.author_handle, asked.own) == (
            "Chủ nhật mấy giờ? 几点？",
            guest.handle,
            False,
        )
        answer = duty("Từ 7 giờ nhé", kind="reply", reply_to=asked.remote_id, root=done.remote_id)
        out = await publishing.publish(session, answer)
        assert isinstance(out, Published)
        kept = await record(session, session.remote_id, parts(out.remote_id)[1])
        assert kept is not None
        assert kept["value"]["reply"]["root"]["uri"] == done.remote_id
        assert kept["value"]["reply"]["parent"]["uri"] == asked.remote_id
        later = await eventually(lambda: _own(session, posts, page.cursor))
        assert later.text == "Từ 7 giờ nhé"
        told = await eventually(lambda: _counted(session, posts))
        assert told == {"likes": 1, "replies": 1, "reposts": 0, "quotes": 0}


async def _page(session: Session, posts: list[str]) -> Any:
    page = await inbox.fetch(session, posts, "")
    return page if page.messages else None


async def _own(session: Session, posts: list[str], cursor: str) -> Any:
    page = await inbox.fetch(session, posts, cursor)
    return next((message for message in page.messages if message.own), None)


async def _counted(session: Session, posts: list[str]) -> dict[str, float | None] | None:
    told = {reading.metric: reading.value for reading in await metrics.read(session, posts)}
    return told if told["likes"] and told["replies"] else None


async def test_what_is_too_long_is_refused_by_both_and_what_is_withdrawn_is_gone(brand: Brand) -> None:
    long = duty("茶" * 301)
    async with brand.session() as session:
        with pytest.raises(Rejected) as caught:
            await publishing.publish(session, long)
        assert caught.value.reason == "too_long"
        value = {"$type": "app.bsky.feed.post", "text": long.text, "createdAt": clock.now().isoformat()}
        body = {"repo": session.remote_id, "collection": "app.bsky.feed.post", "record": value}
        with pytest.raises(Rejected) as caught:
            await pds(session).do("com.atproto.repo.createRecord", body, write=True)
        assert caught.value.reason == "wrong_shape"
        sent = duty("Xóa ngay")
        done = await publishing.publish(session, sent)
        assert isinstance(done, Published)
        await publishing.withdraw(session, done.remote_id)
        assert await publishing.look_up(session, sent) is None
        await publishing.withdraw(session, done.remote_id)


async def test_an_answer_to_what_is_gone_is_refused_in_words(brand: Brand) -> None:
    async with brand.session() as session:
        gone = f"at://{session.remote_id}/app.bsky.feed.post/3kaaaaaaaaaa2"
        with pytest.raises(Rejected) as caught:
            await publishing.publish(session, duty("Ơ?", kind="reply", reply_to=gone, root=gone))
        assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")
        readings = await metrics.read(session, [gone])
        assert {(r.value, r.why) for r in readings} == {(None, "not_there")}
        assert (await inbox.fetch(session, [gone], "")).messages == []


async def test_a_thread_with_a_first_comment_goes_out_without_waiting_for_the_networks_view(
    brand: Brand,
) -> None:
    async with brand.session() as session:
        head = await publishing.publish(session, duty("Trà sen về quán 🍵 1"))
        assert isinstance(head, Published)
        above, sent = head, [head]
        for words in ("Phần hai: ướp một đêm 2", "第三段：早上七点开门 3"):
            part = duty(words, kind="reply", reply_to=above.remote_id, root=head.remote_id)
            assert await publishing.look_up(session, part) is None
            async with LostAnswers(session.http.allowed, allow_loopback=True) as lossy:
                with pytest.raises(Ambiguous):
                    await publishing.publish(replace(session, http=lossy), part)
            found = await publishing.look_up(session, part)
            assert isinstance(found, Published)
            assert await publishing.publish(session, part) == found
            kept = await record(session, session.remote_id, parts(found.remote_id)[1])
            assert kept is not None
            assert kept["value"]["reply"]["root"]["uri"] == head.remote_id
            assert kept["value"]["reply"]["parent"]["uri"] == above.remote_id
            above, sent = found, [*sent, found]
        comment = duty("Địa chỉ: 12 Hàng Gai", kind="reply", reply_to=head.remote_id, root=head.remote_id)
        said = await publishing.publish(session, comment)
        assert isinstance(said, Published)
        visitor = brand.network.visitor(f"doc{next(_numbers)}.test")
        assert await eventually(lambda: _thread_of(visitor, head.remote_id)) == [
            "Trà sen về quán 🍵 1", "Phần hai: ướp một đêm 2", "第三段：早上七点开门 3",
        ]  # fmt: skip
        for one in (said, *reversed(sent)):
            await publishing.withdraw(session, one.remote_id)
            assert await record(session, session.remote_id, parts(one.remote_id)[1]) is None


async def _thread_of(visitor: Any, uri: str) -> list[str] | None:
    """The thread as a reader's app shows it: the words of its longest branch, once all of it has arrived."""
    found = await asyncio.to_thread(visitor.get, "app.bsky.feed.getPostThread", uri=uri, depth=10)
    lines, node = [], found.get("thread") or {}
    while node:
        lines.append(node["post"]["record"]["text"])
        below = sorted(node.get("replies") or [], key=lambda one: bool(one.get("replies")), reverse=True)
        node = next((one for one in below if "Địa chỉ" not in one["post"]["record"]["text"]), None)
    return lines if len(lines) == 3 else None
