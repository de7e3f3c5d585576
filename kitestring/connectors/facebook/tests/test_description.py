"""Every request of the connector and every answer of the emulator against Meta's own description of Pages and posts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.facebook import (
    auth,
    diagnostics,
    editing,
    inbox,
    metrics,
    moderation,
    publishing,
    subscribing,
)
from tests.descriptions.meta import Graph, graph, watching

pytestmark = pytest.mark.specs


CALLS = {
    ("POST", "Page", "feed"), ("POST", "Page", "photos"), ("POST", "PagePost", ""),
    ("GET", "PagePost", "comments"), ("POST", "Comment", "comments"), ("POST", "Comment", "likes"),
    ("DELETE", "Comment", "likes"), ("DELETE", "PagePost", ""), ("GET", "Page", "tagged"),
    ("GET", "Page", "conversations"), ("POST", "Page", "messages"), ("GET", "PagePost", "insights"),
    ("POST", "Page", "photo_stories"), ("POST", "Page", "video_stories"), ("GET", "Page", "stories"),
    ("GET", "Page", "subscribed_apps"), ("POST", "Page", "subscribed_apps"),
    ("GET", "AdVideo", ""), ("GET", "Page", "insights"), ("GET", "User", "accounts"), ("GET", "User", "permissions"),
}  # fmt: skip


def described() -> Graph:
    # (The upload of a video's bytes is described in the Reels collection: test_films.py.)
    nodes = ("Page", "Stories", "VideoStatus", "VideoStatusProcessingPhase", "VideoStatusPublishingPhase")
    nodes += (
        "VideoStatusUploadingPhase",
        "VideoStatusError",
        "PagePost",
        "Photo",
        "Comment",
        "UnifiedThread",
        "InsightsResult",
        "User",
        "AdVideo",
    )
    # `tasks` stands on the edge alone: developers.facebook.com/docs/graph-api/reference/user/accounts
    return graph(*nodes, newer=[("Page", "tasks")])


def classify(bench: Any) -> Any:
    """What a path means depends on the number in it: the Page's own, a post's (two numbers), a talk's, a video's."""
    page = bench.session.remote_id

    def of(path: str) -> tuple[str, str] | None:
        object_id, _, edge = path.partition("/")
        if path.startswith(("oauth/", "dialog/", "debug_token", "video-upload/")):
            return None  # described nowhere but in prose
        if object_id == "me":
            return ("User", edge) if edge else ("Page", "")
        if object_id == page:
            return "Page", edge
        if object_id.startswith("t_"):
            return "UnifiedThread", edge
        if not re.search("_", object_id):
            return ("AdVideo" if object_id in bench.platform.memory.get("videos", {}) else "Photo"), edge
        return ("PagePost" if object_id.startswith(page) else "Comment"), edge

    return of


def film(folder):
    path = folder / "pha-tra.mp4"
    path.write_bytes(b"ftypmp42 not a film")
    return Media(path, "video/mp4", path.stat().st_size, "f" * 64, "Pha trà", 1080, 1920, 12.0)


async def through(session, outgoing):
    first = await publishing.publish(session, outgoing)
    known = replace(outgoing, handle=first.handle)
    await publishing.look_up(session, known)
    return await publishing.follow(session, known)


async def connect_again(session):
    back = "https://k.example/back"
    begun = await auth.begin(session.http, session.urls, session.app, {}, state="s", redirect_uri=back)
    came = await say_yes(begun.url, "hien-ca-phe")
    [again] = await auth.finish(session.http, session.urls, session.app, begun, came, redirect_uri=back)
    assert again.remote_id == session.remote_id


async def speak(bench, session, duty, post):
    """What comes in is read; comment and message are answered, found again, and the comment is tended."""
    page = await inbox.fetch(session, [post], "")
    await inbox.fetch(session, [post], page.cursor)
    [asked, _] = [m for m in page.messages if m.kind == "comment"]
    [written] = [m for m in page.messages if m.kind == "message"]
    reply = duty("reply", "7 giờ", reply_to=asked.remote_id, root=post)
    assert await publishing.look_up(session, reply) is None
    answered = await publishing.publish(session, reply)
    assert await publishing.look_up(session, reply) == answered
    letter = duty("message", "Còn ạ", reply_to=written.remote_id, root=written.thread)
    sent = await publishing.publish(session, letter)
    assert await publishing.look_up(session, letter) == sent
    await moderation.hide(session, asked.remote_id, True)
    await moderation.like(session, asked.remote_id, True)
    await moderation.like(session, asked.remote_id, False)
    await moderation.remove(session, asked.remote_id)


async def test_both_sides_keep_to_the_description(at_work, duty, picture, tmp_path):
    description = described()
    bench = await at_work("facebook")
    page = bench.session.remote_id
    async with watching(bench.session, description, classify(bench)) as watched:
        session = watched.session
        await connect_again(session)
        done = await through(session, duty("post", "Trà sen 新茶", link="https://vidu.vn/tra"))
        await through(session, duty("post", "Ảnh mới", media=(picture(), picture("hai"))))
        await through(session, duty("story", "", media=(picture("tin"),)))
        await through(session, duty("story", "", media=(film(tmp_path),)))
        comment = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "Mấy giờ?")
        bench.platform.comment(comment.id, "minh", "Minh", "7 giờ?")
        bench.platform.mention(page, "ha", "Hà", "Ghé quán này đi")
        bench.platform.message(page, "lan_anh", "Lan Anh", "Còn bàn không?")
        for key in ("followers", "views", "reach", "profile_views"):
            bench.platform.tell(page, key, 7)
        bench.platform.count(done.remote_id, "shares", 3)
        await speak(bench, session, duty, done.remote_id)
        await editing.edit(session, done.remote_id, duty("post", "Trà sen 改"))
        await metrics.read(session, [done.remote_id])
        await metrics.account(session)
        await diagnostics.examine(session)
        await subscribing.subscribe(session, "https://k.example/hooks/facebook/app/x")
        await subscribing.subscribe(session, "https://k.example/hooks/facebook/app/x")
        await auth.renew(session)
        for fault in (Fault("unauthorized"), Fault("busy"), Fault("retired"), Fault("error_before")):
            bench.faults.next(fault)
            with pytest.raises(ConnectorError):
                await metrics.read(session, [done.remote_id])
        await publishing.withdraw(session, done.remote_id)
        await publishing.withdraw(session, done.remote_id)
        await metrics.read(session, [done.remote_id])
    assert watched.wrong == []
    assert {call[:3] for call in watched.seen} >= CALLS
    assert {call[3] for call in watched.seen} >= {200, 400, 401, 403, 500}


async def test_a_broken_call_and_a_broken_answer_are_noticed(at_work):
    description = described()
    bench = await at_work("facebook")
    page = bench.session.remote_id
    base = bench.session.urls["api"]
    async with watching(bench.session, description, classify(bench)) as watched:
        http = watched.session.http
        await http.request("POST", f"{base}/{page}/feed", form={"mesage": "x", "published": "maybe"})
        await http.request("POST", f"{base}/{page}/messages", form={"message": "{}"})
        await http.request("GET", f"{base}/{page}/feeed")
    assert any("mesage: no such parameter" in one for one in watched.wrong)
    assert any("'maybe' is no bool" in one for one in watched.wrong)
    assert any("recipient: missing" in one for one in watched.wrong)
    assert any("feeed: no such call" in one for one in watched.wrong)
    assert list(description.answer("Page", "GET", "", {"id": "1", "colour": "red"}))
    assert list(description.answer("PagePost", "GET", "", {"id": "1", "is_published": "yes"}))
    assert list(description.answer("PagePost", "GET", "comments", {"data": [{"created_time": "today"}]}))
    assert list(description.answer("Page", "POST", "feed", {"idd": "1"}))
