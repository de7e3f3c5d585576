"""A token of few scopes on a server that does not tell them (before 4.3): one deed is refused, the account goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import auth, inbox, metrics, moderation, publishing
from kitestring.connectors.mastodon.client import Server

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Any]
WRITES = ["read:accounts", "read:notifications", "write:statuses", "write:media"]


async def _few(at_work: AtWork, duty: Duty, *scopes: str) -> tuple[Any, str]:
    bench = await at_work("mastodon")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    bench.platform.memory["scopes"] = {"hien-ca-phe": [*scopes]}
    return bench, post


async def test_a_like_without_its_scope_is_refused(at_work: AtWork, duty: Duty) -> None:
    bench, post = await _few(at_work, duty, *WRITES, "read:statuses")
    asked = bench.platform.comment(post, "lan_anh", "Lan Anh", "Mấy giờ?")
    with pytest.raises(Rejected) as caught:
        await moderation.like(bench.session, asked.id, True)
    assert (caught.value.field, caught.value.reason) == ("", "scope_missing")


async def test_without_the_scope_to_read_posts_mentions_and_private_words_still_come(
    at_work: AtWork, duty: Duty
) -> None:
    bench, post = await _few(at_work, duty, *WRITES)
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Chào quán")
    bench.platform.message(bench.session.remote_id, "lan_anh", "Lan Anh", "Alo?")
    page = await inbox.fetch(bench.session, [], "")
    assert {(one.kind, one.text) for one in page.messages} == {
        ("mention", "Chào quán"),
        ("message", "Alo?"),
    }
    with pytest.raises(Rejected, match="scope_missing"):
        await inbox.fetch(bench.session, [post], "")


async def test_counts_say_why_there_are_none(at_work: AtWork, duty: Duty) -> None:
    bench, post = await _few(at_work, duty, *WRITES)
    readings = await metrics.read(bench.session, [post])
    assert {(one.value, one.why) for one in readings} == {(None, "scope_missing")}


async def test_a_token_that_may_not_say_whose_it_is_still_holds(
    at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await at_work("mastodon")

    async def refused(*_: object) -> None:
        raise Rejected("", "scope_missing")

    monkeypatch.setattr(Server, "read", refused)
    assert await auth.renew(bench.session) == bench.session.grant
    with pytest.raises(Rejected) as caught:
        await auth.connect(bench.session.http, bench.session.urls, bench.typed)
    assert (caught.value.field, caught.value.reason) == ("access_token", "scope_missing")
