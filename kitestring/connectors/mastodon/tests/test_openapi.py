"""Every request of the connector and every answer of the emulator against the description of Mastodon's API 4.7.0."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Media, Outgoing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.mastodon import (
    auth,
    diagnostics,
    editing,
    inbox,
    metrics,
    moderation,
    oauth,
    publishing,
)
from kitestring.kit.http import Answer, Client

pytestmark = [
    pytest.mark.specs,
    # The description names OAuth 2, which the validator does not know; the emulator checks the token itself.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]
AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
BACK = "https://kitestring.example/channels/back"


@cache
def description() -> OpenAPI:
    path = Path(os.environ.get("KITESTRING_SPECS", "")) / "mastodon" / "openapi-4.7.0.json"
    if not os.environ.get("KITESTRING_SPECS") or not path.exists():
        pytest.skip("ABSENT: the description of Mastodon's API (KITESTRING_SPECS)")
    text = json.loads(path.read_text("utf-8"))
    text["servers"] = [{"url": "http://mastodon.test"}]
    # As described, a post with text AND files fits two of the three and so "exactly one" of none; servers take it.
    body = text["paths"]["/api/v1/statuses"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"] = {"anyOf": body["schema"]["oneOf"]}
    # A code goes with one sort of grant alone: "Otherwise, set equal to `client_credentials`".
    text["paths"]["/oauth/token"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "required"
    ].remove("code")
    return OpenAPI.from_dict(text, config=Config(spec_validator_cls=None))


class Sent:
    """A request as openapi-core wants to see it. Multipart bodies are left to the server."""

    def __init__(self, method: str, url: str, more: Mapping[str, Any]) -> None:
        parts = urlsplit(url)
        query = [*parse_qsl(parts.query), *(more.get("params") or ())]
        if (
            more.get("form") is not None
        ):  # described as JSON alone; servers take forms as well, as OAuth wants them
            more = {**more, "json": dict(more["form"])}
        self.host_url, self.path, self.method = "http://mastodon.test", parts.path, method.lower()
        self.content_type = "application/json" if more.get("json") is not None else ""
        self.body = json.dumps(more["json"]).encode() if more.get("json") is not None else None
        headers = Headers(dict(more.get("headers") or {}))
        self.parameters = RequestParameters(query=ImmutableMultiDict(query), header=headers)


class Got:
    """An answer as openapi-core wants to see it."""

    def __init__(self, answer: Answer) -> None:
        self.data, self.status_code = answer.body, answer.status
        self.content_type, self.headers = answer.mime, Headers(dict(answer.headers))


class Watched(Client):
    """Holds every call against the description."""

    seen: list[tuple[str, int]]

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        sent = Sent(method, url, more)
        blank = json.loads(sent.body or b"{}").get("status") == ""  # the question that is meant to be refused
        if not more.get("parts") and not blank:
            description().validate_request(sent)
        if answer.status != 206:  # described without a body
            description().validate_response(sent, Got(answer))
        self.seen.append((f"{method} {sent.path}", answer.status))
        return answer


async def test_both_sides_keep_to_the_description(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media], tmp_path: Path
) -> None:
    description()
    bench = await at_work("mastodon")
    async with Watched(bench.session.http.allowed, allow_loopback=True) as http:
        http.seen = []
        session = replace(bench.session, http=http)
        await auth.connect(http, session.urls, bench.typed)
        outgoing = duty("post", "Trà sen 新茶 https://vidu.vn/x", language="vi", media=(picture(),))
        done = await publishing.publish(session, outgoing)
        assert isinstance(done, Published)
        comment = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "Mấy giờ?")
        await publishing.publish(session, duty("reply", "7 giờ", reply_to=comment.id, language="vi"))
        bench.platform.count(done.remote_id, "quotes", 2)
        await publishing.look_up(session, outgoing)
        await publishing.look_up(session, duty("post", "Chưa gửi"))
        await inbox.fetch(session, [done.remote_id], "")
        await metrics.read(session, [done.remote_id])
        await metrics.account(session)
        await _people(bench, session, duty, done, comment.id)
        for fault in (Fault("unauthorized"), Fault("busy", after=3)):
            bench.faults.next(fault)
            with pytest.raises(ConnectorError):
                await metrics.read(session, [done.remote_id])
        await publishing.withdraw(session, done.remote_id)
        await publishing.withdraw(session, done.remote_id)
    asked = {call.rsplit("/", 1)[0] if call[-1].isdigit() else call for call, _ in http.seen}
    assert len(asked) >= 14
    assert {status for _, status in http.seen} >= {200, 401, 404, 422, 429}


async def test_consent_keeps_to_the_description(at_work: AtWork) -> None:
    description()
    bench = await at_work("mastodon", way="oauth")
    async with Watched(bench.session.http.allowed, allow_loopback=True) as http:
        http.seen = []
        urls, typed = bench.session.urls, bench.typed
        begun = await oauth.begin(http, urls, {}, typed, state="s", redirect_uri=BACK)
        await oauth.begin(http, urls, begun.app, typed, state="s", redirect_uri=BACK)
        asked = Sent("GET", begun.url, {})
        description().validate_request(asked)
        back = await say_yes(begun.url, "hien-ca-phe")
        [found] = await oauth.finish(http, urls, begun.app, begun, back, redirect_uri=BACK)
        with pytest.raises(ConnectorError):
            await oauth.finish(http, urls, begun.app, begun, back, redirect_uri=BACK)
        bench.platform.memory["apps"].clear()
        anew = await oauth.begin(http, urls, begun.app, typed, state="s", redirect_uri=BACK)
        session = replace(bench.session, http=http, grant=found.grant, app=anew.app)
        assert await oauth.renew(session) == found.grant
        await oauth.give_back(session)
        with pytest.raises(ConnectorError):
            await oauth.give_back(replace(session, app={**session.app, "client_secret": "wrong"}))
    told = {call for call, _ in http.seen}
    assert told >= {"POST /api/v1/apps", "POST /oauth/token", "GET /.well-known/oauth-authorization-server"}
    assert {status for call, status in http.seen if call == "POST /oauth/token"} == {200, 400, 401}
    assert {status for call, status in http.seen if call == "POST /oauth/revoke"} == {200, 401}


async def _people(bench: Any, session: Any, duty: Duty, done: Published, comment: str) -> None:
    """Everything that was added to posting: edits, deeds, mentions, messages, polls, health."""
    await editing.edit(session, done.remote_id, duty("post", "Trà sen mới", language="vi"))
    await moderation.like(session, comment, True)
    await moderation.like(session, comment, False)
    bench.platform.mention(session.remote_id, "minh", "Minh", "Ghé đi")
    asked = bench.platform.message(session.remote_id, "minh", "Minh", "Alo?")
    await publishing.publish(session, duty("message", "Dạ", reply_to=asked.id, language="vi"))
    poll = {"poll": "Sen|Nhài", "poll_several": "yes", "quoting": "nobody", "sensitive": "yes"}
    await publishing.publish(session, duty("post", "Trà nào?", options=poll, language="vi"))
    found = await inbox.fetch(session, [done.remote_id], "")
    assert {one.kind for one in found.messages} == {"comment", "mention", "message"}
    await diagnostics.examine(session)
    with pytest.raises(ConnectorError):
        await editing.edit(session, "424242", duty("post", "x"))


async def test_a_call_that_breaks_the_description_is_noticed(at_work: AtWork) -> None:
    description()
    bench = await at_work("mastodon")
    async with Watched(bench.session.http.allowed, allow_loopback=True) as http:
        http.seen = []
        with pytest.raises(Exception, match=r"(?i)body|valid"):
            await http.request("POST", f"{bench.base_url}/api/v1/statuses", json={"status": 5})
