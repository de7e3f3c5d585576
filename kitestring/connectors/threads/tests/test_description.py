"""Every request of the connector and every answer of the emulator against Meta's own Postman collection for Threads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.threads import auth, diagnostics, inbox, metrics, moderation, publishing
from kitestring.kit import clock
from tests.descriptions.postman import collection, faults, watching

pytestmark = pytest.mark.specs
NAME = "meta/threads-api.postman_collection.json"
BACK = "https://k.example/back"


@pytest.fixture
def moved():
    yield clock.move
    clock.move(timedelta(0))


async def through(session, outgoing):
    outcome = await publishing.publish(session, outgoing)
    while not hasattr(outcome, "remote_id"):
        known = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(session, known)
    assert (await publishing.look_up(session, known)).remote_id == outcome.remote_id
    return outcome


async def connect_again(session, moved):
    begun = await auth.begin(session.http, session.urls, session.app, {}, state="s", redirect_uri=BACK)
    back = await say_yes(begun.url, "hien-ca-phe")
    [again] = await auth.finish(session.http, session.urls, session.app, begun, back, redirect_uri=BACK)
    assert again.remote_id == session.remote_id
    moved(timedelta(days=3))
    await auth.renew(session)


async def test_both_sides_keep_to_the_collection(at_work, duty, shown, moved):
    calls = collection(NAME)
    bench = await at_work("threads")
    async with watching(bench.session, calls) as watched:
        session = watched.session
        await connect_again(session, moved)
        options = {"topic_tag": "trà", "reply_control": "everyone", "spoiler": "yes"}
        done = await through(session, duty("post", "Trà sen", link="https://vidu.vn/tra", options=options))
        await through(session, duty("post", "Ảnh", media=(shown("a"),), options=options))
        await through(session, duty("post", "Bộ ảnh", media=(shown("a"), shown("b"))))
        await through(session, duty("post", "Phim", media=(shown("p", "video/mp4"),)))
        comment = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "Mấy giờ?")
        bench.platform.mention(session.remote_id, "ha", "Hà", "Ghé quán này đi")
        await through(session, duty("reply", "7 giờ", reply_to=comment.id, root=done.remote_id))
        page = await inbox.fetch(session, [done.remote_id], "")
        await inbox.fetch(session, [done.remote_id], page.cursor)
        await moderation.hide(session, comment.id, True)
        for key in ("followers", "views"):
            bench.platform.tell(session.remote_id, key, 7)
        await metrics.read(session, [done.remote_id])
        await metrics.account(session)
        await diagnostics.examine(session)
        for fault in (Fault("unauthorized"), Fault("busy"), Fault("retired"), Fault("error_before")):
            bench.faults.next(fault)
            with pytest.raises(ConnectorError):
                await metrics.account(session)
        await publishing.withdraw(session, done.remote_id)
        await publishing.withdraw(session, done.remote_id)
    assert watched.wrong == []
    seen = {(method, path.rsplit("/", 1)[-1] if "/" in path else path) for method, path, _ in watched.seen}
    assert seen >= {
        ("POST", "threads"), ("POST", "threads_publish"), ("GET", "threads"), ("GET", "replies"),
        ("GET", "threads_publishing_limit"), ("GET", "conversation"), ("GET", "mentions"), ("GET", "insights"),
        ("GET", "threads_insights"), ("POST", "manage_reply"), ("POST", "access_token"), ("GET", "access_token"),
        ("GET", "refresh_access_token"), ("GET", "debug_token"), ("GET", "me"), ("DELETE", done.remote_id),
    }  # fmt: skip
    assert {status for *_, status in watched.seen} >= {200, 400, 401, 403, 500}


def test_a_broken_call_and_a_broken_answer_are_noticed():
    calls = collection(NAME)
    good = {"media_type": "TEXT", "text": "x"}
    assert list(faults(calls, "POST", "me/threads", good, {"id": "1"})) == []
    assert list(faults(calls, "POST", "me/thread", good, {"id": "1"}))
    assert list(faults(calls, "PUT", "me/threads", good, {"id": "1"}))
    assert list(faults(calls, "POST", "me/threads", {"txt": "x"}, {"id": "1"}))
    assert list(faults(calls, "POST", "me/threads", good, {"id": 1}))
    assert list(faults(calls, "POST", "me/threads", good, {"idd": "1"}))
    assert list(faults(calls, "GET", "me", {"fields": "id,shoe_size"}, {"id": "1"}))
    assert list(faults(calls, "GET", "me/threads", {"fields": "id"}, {"data": [{"colour": "red"}]}))
    assert list(faults(calls, "GET", "me/threads", {"fields": "id"}, {"data": {}}))
