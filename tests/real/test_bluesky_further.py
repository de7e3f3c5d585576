"""More of the Bluesky connector against a real network: who may answer, hidden answers, likes, mentions, a video, and health."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Media, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.bluesky import diagnostics, inbox, messages, metrics, moderation, publishing
from kitestring.connectors.bluesky.client import POST
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.records import THREADGATE, create, record, stamp
from tests.real.test_bluesky_connector import Brand, _numbers, _seen, brand, duty, eventually

__all__ = ["brand"]  # the fixture


async def test_an_answer_is_hidden_liked_and_shown_again(brand: Brand) -> None:
    guest = brand.network.visitor(f"khach{next(_numbers)}.test")
    async with brand.session() as session:
        sent = duty("Ai trả lời được?", options={"replies": "mentioned", "no_quotes": "yes"})
        done = await publishing.publish(session, sent)
        assert isinstance(done, Published)
        assert await publishing.publish(session, sent) == done
        value = {"$type": POST, "text": "Lời khác", "createdAt": stamp()}
        with pytest.raises(Ambiguous):  # a taken key breaks the server's commit
            await create(session, parts(done.remote_id)[1], [value])
        view = await eventually(lambda: _closed(guest, done.remote_id))
        assert view["threadgate"]["record"]["allow"] == [{"$type": f"{THREADGATE}#mentionRule"}]
        await publishing.withdraw(session, done.remote_id)
        assert await record(session, session.remote_id, parts(done.remote_id)[1], THREADGATE) is None

        open_ = await publishing.publish(session, duty("Mở cửa cả Chủ nhật!"))
        assert isinstance(open_, Published)
        view = await eventually(lambda: _seen(guest, open_.remote_id))
        answer = await asyncio.to_thread(guest.reply, (view["uri"], view["cid"]), "Mấy giờ?")
        [asked] = (await eventually(lambda: _page(session, [open_.remote_id]))).messages
        for wanted in (True, True, False):
            await moderation.hide(session, asked.remote_id, wanted)
            gate = await record(session, session.remote_id, parts(open_.remote_id)[1], THREADGATE)
            assert gate is not None
            assert gate["value"]["hiddenReplies"] == ([answer.uri] if wanted else [])
        await moderation.like(session, asked.remote_id, True)
        await moderation.like(session, asked.remote_id, True)
        liked = await eventually(lambda: _liked(guest, asked.remote_id, 1))
        assert liked["likeCount"] == 1
        await moderation.like(session, asked.remote_id, False)
        await eventually(lambda: _liked(guest, asked.remote_id, 0))


async def _closed(visitor: Any, uri: str) -> Any:
    """The post as a stranger sees it, once the network has read what stands beside it."""
    view = await _seen(visitor, uri)
    viewer = (view or {}).get("viewer") or {}
    return view if viewer.get("replyDisabled") and viewer.get("embeddingDisabled") else None


async def _page(session: Session, posts: list[str]) -> Any:
    page = await inbox.fetch(session, posts, "")
    return page if page.messages else None


async def _liked(visitor: Any, uri: str, count: int) -> Any:
    view = await _seen(visitor, uri)
    return view if view and view.get("likeCount") == count else None


async def test_a_post_that_names_the_account_comes_in_once(brand: Brand) -> None:
    guest = brand.network.visitor(f"khach{next(_numbers)}.test")
    text = f"Ghé @{brand.handle} đi"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": brand.connected.remote_id}
    start = len(b"Gh\xc3\xa9 ")
    facet = {
        "index": {"byteStart": start, "byteEnd": start + len(brand.handle) + 1},
        "features": [feature],
    }
    async with brand.session() as session:
        before = await inbox.fetch(session, [], "")
        made = await asyncio.to_thread(guest._create, "app.bsky.feed.post", {"text": text, "facets": [facet]})
        page = await eventually(lambda: _named(session, before.cursor))
        [named] = page.messages
        assert (named.kind, named.text, named.remote_id) == ("mention", text, made.uri)
        assert (named.author_handle, named.own) == (guest.handle, False)
        out = await publishing.publish(
            session, duty("Cảm ơn nhé", kind="reply", reply_to=named.remote_id, root=named.remote_id)
        )
        assert isinstance(out, Published)


async def _named(session: Session, cursor: str) -> Any:
    page = await inbox.fetch(session, [], cursor)
    return page if page.messages else None


async def test_a_video_and_a_card_with_its_picture_are_taken(brand: Brand, tmp_path: Path) -> None:
    path = film(tmp_path / "pha-tra.mp4")
    media = Media(path, "video/mp4", path.stat().st_size, "0" * 64, "Pha trà", 320, 240, 1.0)
    async with brand.session() as session:
        sent = duty("Cách pha", kind="video", media=(media,), options={"label": "graphic-media"})
        done = await publishing.publish(session, sent)
        assert isinstance(done, Published)
        kept = await record(session, session.remote_id, parts(done.remote_id)[1])
        assert kept is not None
        assert kept["value"]["embed"]["video"]["mimeType"] == "video/mp4"
        assert kept["value"]["labels"]["values"] == [{"val": "graphic-media"}]
        view = await eventually(
            lambda: _seen(brand.network.visitor(f"xem{next(_numbers)}.test"), done.remote_id)
        )
        assert view["embed"]["$type"] == "app.bsky.embed.video#view"
        assert [label["val"] for label in view["labels"]] == ["graphic-media"]


async def test_numbers_and_health_are_told_and_private_messages_are_closed(brand: Brand) -> None:
    async with brand.session() as session:
        done = await publishing.publish(session, duty("Một"))
        assert isinstance(done, Published)
        told = await eventually(lambda: _numbers_of(session))
        assert told == {"followers": 0.0, "following": 0.0, "posts": 1.0}
        found = {finding.reason for finding in (await diagnostics.examine(session)).findings}
        assert found == {"email_unconfirmed"}
        assert brand.connected.capabilities == {"messages": "messages_closed"}
        assert not messages.allowed(session.grant)


async def _numbers_of(session: Session) -> dict[str, float | None] | None:
    try:
        told = {reading.metric: reading.value for reading in await metrics.account(session)}
    except (Rejected, RetryLater):  # a new account has no profile for a moment
        return None
    return told if told["posts"] else None
