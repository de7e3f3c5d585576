"""Every request of the connector and every answer of the emulator against X's own description of API v2, 2.167."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError, Rejected
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.x import auth, diagnostics, inbox, metrics, moderation, publishing
from tests.descriptions.openapi import Description, described, watching

pytestmark = [
    pytest.mark.specs,
    # The description names OAuth 2, which the validator does not know; the emulator checks the token itself.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]
AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
# What most refusals of X are by its documents (and by its older description, 2.159); this one has lost it.
OTHER = "about:blank"


def mend(found: dict[str, Any]) -> None:
    """Let a problem be of no kind but its status."""
    schema = {
        "type": "object",
        "required": ["type", "title", "detail", "status"],
        "properties": {"type": {"type": "string", "enum": [OTHER]}, "status": {"type": "integer"}},
    }
    schemas = found["components"]["schemas"]
    schemas["OtherProblem"] = schema
    other = "#/components/schemas/OtherProblem"
    schemas["Problem"]["oneOf"].append({"$ref": other})
    schemas["Problem"]["discriminator"]["mapping"][OTHER] = other


def description() -> Description:
    return described("x/openapi-2.167.subset.json", mend=mend)


def not_described(method: str, path: str) -> bool:
    """The token's address: OAuth 2 is named in the description, and its calls are not in it."""
    return path == "/2/oauth2/token"


async def through(session: Session, outgoing: Outgoing) -> Published:
    outcome = await publishing.publish(session, outgoing)
    while isinstance(outcome, Processing):
        outgoing = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(session, outgoing)
    await publishing.look_up(session, outgoing)
    return outcome


async def test_both_sides_keep_to_the_description(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("x")
    async with watching(bench.session, description(), loose=not_described) as watched:
        session = watched.session
        await diagnostics.examine(session)
        options = {"readers": "following", "paid": "yes", "ai": "yes"}
        files = (picture(), picture("chen-tra"))
        post = duty("post", "Trà sen & 新茶 https://vidu.vn/x", media=files, options=options, uploads=Kept())
        done = await through(session, post)
        await through(session, duty("post", "Uống gì?", options={"poll": "Ô long | 龙井"}))
        bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
        bench.platform.mention(session.remote_id, "minh", "Minh", "Ghé quán này")
        bench.platform.message(session.remote_id, "ha", "Hà", "Còn bàn không? <3")
        page = await inbox.fetch(session, [done.remote_id], "")
        by_kind = {message.kind: message for message in page.messages}
        asked, private = by_kind["comment"], by_kind["message"]
        await through(session, duty("reply", "7 giờ", reply_to=asked.remote_id, root=done.remote_id))
        sent = await through(
            session, duty("message", "Còn ạ", reply_to=private.remote_id, root=private.thread)
        )
        for deed in (moderation.hide, moderation.like):
            await deed(session, asked.remote_id, True)
            await deed(session, asked.remote_id, False)
        await inbox.fetch(session, [done.remote_id], page.cursor)
        await metrics.read(session, [done.remote_id, "1346889436626259968"])
        await metrics.account(session)
        await auth.renew(session)
        for fault in (Fault("unauthorized"), Fault("busy", after=3), Fault("error_before"), Fault("retired")):
            bench.faults.next(fault)
            with pytest.raises(ConnectorError):
                await metrics.read(session, [done.remote_id])
        with pytest.raises(Rejected):
            await through(session, duty("post", "Uống gì?"))
        with pytest.raises(Rejected):
            await moderation.hide(session, "1346889436626259968", True)
        for remote_id in (sent.remote_id, done.remote_id, done.remote_id):
            await publishing.withdraw(session, remote_id)
    assert {status for _, status in watched.seen} >= {200, 201, 401, 403, 404, 410, 429, 500}
    asked_for = {f"{call.split()[0]} {_shape(call)}" for call, _ in watched.seen}
    assert len(asked_for) >= 19, sorted(asked_for)


def _shape(call: str) -> str:
    return "/".join(
        "…" if part[:1].isdigit() and part != "2" else part for part in call.split()[1].split("/")
    )


async def test_a_video_goes_up_as_described(at_work: AtWork, duty: Duty, tmp_path: Any) -> None:
    bench = await at_work("x")
    path = tmp_path / "pha-tra.mp4"
    path.write_bytes(b"moving pictures")
    film = Media(path, "video/mp4", 15, "a" * 64, "Pha trà", 1280, 720, duration=9)
    async with watching(bench.session, description()) as watched:
        await through(watched.session, duty("post", "Pha trà", media=(film,), uploads=Kept()))
    assert [status for call, status in watched.seen if call == "GET /2/media/upload"] == [200, 200]


async def test_a_call_that_breaks_the_description_is_noticed(at_work: AtWork) -> None:
    bench = await at_work("x")
    async with watching(bench.session, description()) as watched:
        with pytest.raises(Exception, match=r"(?i)body|valid"):
            await watched.session.http.request("POST", f"{bench.base_url}/2/tweets", json={"text": 5})
        with pytest.raises(Exception, match=r"(?i)body|valid"):
            await watched.session.http.request("POST", f"{bench.base_url}/2/tweets", json={"status": "Chào"})


async def test_an_answer_that_breaks_the_description_is_noticed(
    at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await at_work("x")
    bench.platform.tell(bench.session.remote_id, "followers", "many")
    async with watching(bench.session, description()) as watched:
        with pytest.raises(Exception, match=r"(?i)data|valid"):
            await auth.whoami(watched.session)
