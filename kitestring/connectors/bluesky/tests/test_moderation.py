"""Hiding and liking answers: what stands in the records, and what others had put there stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bluesky import inbox, moderation, publishing
from kitestring.connectors.bluesky.records import LIKE, THREADGATE

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def asked(bench: Any, duty: Duty, **options: str) -> str:
    done = await publishing.publish(bench.session, duty("post", "Mở cửa", options=options))
    assert isinstance(done, Published)
    bench.platform.comment(done.remote_id, "lan", "Lan", "Mấy giờ?")
    [message] = (await inbox.fetch(bench.session, [done.remote_id], "")).messages
    return str(message.remote_id)


def records(bench: Any, collection: str) -> list[dict[str, Any]]:
    rows = bench.platform.memory["records"]
    return [row["value"] for uri, row in rows.items() if f"/{collection}/" in uri]


async def test_hiding_keeps_who_may_answer(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    answer = await asked(bench, duty, replies="followers")
    await moderation.hide(bench.session, answer, True)
    [gate] = records(bench, THREADGATE)
    assert gate["hiddenReplies"] == [answer]
    assert len(gate["allow"]) == 2
    await moderation.hide(bench.session, answer, False)
    [gate] = records(bench, THREADGATE)
    assert (gate["hiddenReplies"], len(gate["allow"])) == ([], 2)


async def test_showing_what_was_never_hidden_makes_no_record(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    answer = await asked(bench, duty)
    await moderation.hide(bench.session, answer, False)
    assert records(bench, THREADGATE) == []


async def test_three_hundred_answers_are_hidden_and_no_more(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    answer = await asked(bench, duty)
    await moderation.hide(bench.session, answer, True)
    [gate] = records(bench, THREADGATE)
    gate["hiddenReplies"] = [f"at://did:plc:x/app.bsky.feed.post/{n}" for n in range(300)]
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, answer, True)
    assert caught.value.reason == "too_many_hidden"


async def test_answers_in_somebody_elses_thread_are_not_ours_to_hide(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    theirs = bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Ghé đi @hien-ca-phe.test")
    [named] = (await inbox.fetch(bench.session, [], "")).messages
    assert theirs.id in named.remote_id
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, named.remote_id, True)
    assert caught.value.reason == "not_our_thread"


async def test_a_like_given_in_the_app_is_not_given_twice_and_is_taken_back(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("bluesky")
    answer = await asked(bench, duty)
    value = {"$type": LIKE, "subject": {"uri": answer, "cid": "x"}, "createdAt": "2026-11-30T00:00:00Z"}
    own = f"at://{bench.session.remote_id}/{LIKE}/3kaaaaaaaaaa2"
    bench.platform.memory["records"][own] = {"cid": "y", "value": value}
    await moderation.like(bench.session, answer, True)
    assert len(records(bench, LIKE)) == 1
    await moderation.like(bench.session, answer, False)
    assert records(bench, LIKE) == []


async def test_what_is_gone_is_said_to_be_gone(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    for uri in ("at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3kaaaaaaaaaa2", "nothing"):
        for deed in (moderation.hide, moderation.like):
            with pytest.raises(Rejected) as caught:
                await deed(bench.session, uri, True)
            assert caught.value.reason == "gone"
