"""Services beside the account's own server (videos, private messages, a view) refuse our word: that ends no consent."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import GrantExpired, RetryLater
from kitestring.connectors.bluesky import inbox, metrics, publishing, videos
from kitestring.connectors.bluesky.client import pds
from kitestring.kit.http import Answer

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
REFUSALS = ["InvalidToken", "AuthMissing", "AccountTakedown", "NoSuchErrorName"]


class Refusing:
    """The real client, but for paths with `part`: those are refused with a 401."""

    def __init__(self, http: Any, part: str, error: str) -> None:
        self.http, self.part, self.error = http, part, error
        self.timeout = http.timeout

    async def request(self, method: str, url: str, **more: Any) -> Any:
        if self.part in url:
            body = {"error": self.error, "message": "service token audience"}
            return Answer(401, {}, json.dumps(body).encode())
        return await self.http.request(method, url, **more)


def refusing(session: Any, part: str, error: str) -> Any:
    return replace(session, http=Refusing(session.http, part, error))


@pytest.mark.parametrize("error", REFUSALS)
async def test_the_video_service(at_work: AtWork, duty: Duty, tmp_path: Path, error: str) -> None:
    bench = await at_work("bluesky")
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42 a film")
    media = Media(path, "video/mp4", path.stat().st_size, "ab" * 32, "Pha trà", 320, 240, 12.0)
    session = refusing(bench.session, "app.bsky.video", error)
    for deed in (publishing.publish(session, duty("video", "x", media=(media,))), videos.left(session)):
        with pytest.raises(RetryLater) as caught:
            await deed
        assert caught.value.reason == "busy"


@pytest.mark.parametrize("error", REFUSALS)
async def test_the_messages_service_keeps_nothing_else_from_coming_in(
    at_work: AtWork, duty: Duty, error: str
) -> None:
    bench = await at_work("bluesky")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    bench.platform.comment(post, "lan", "Lan", "Mấy giờ?")
    session = refusing(bench.session, "chat.bsky", error)
    page = await inbox.fetch(session, [post], "")
    assert [one.text for one in page.messages] == ["Mấy giờ?"]
    with pytest.raises(RetryLater):
        await publishing.publish(session, duty("message", "Dạ", reply_to="1", root="lan"))


async def test_a_view_that_is_set_beside_the_server(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    session = refusing(bench.session, "view.test", "AuthMissing")
    session = replace(session, urls={**session.urls, "appview": "https://view.test"})
    with pytest.raises(RetryLater):
        await metrics.read(session, [post])


async def test_the_accounts_own_server_still_ends_it(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    session = refusing(bench.session, "getSession", "InvalidToken")
    with pytest.raises(GrantExpired):
        await pds(session).ask("com.atproto.server.getSession")
