"""What WeChat pushes is taken when signed, opened when sealed for this account, and read for the number of the job only."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from kitestring.connectorkit.contract import Processing
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.wechat import hooks, publishing, sealing
from kitestring.connectors.wechat.emulated import callbacks
from kitestring.connectors.wechat.emulated.world import World

# The example of WeChat's own documents for the seal has no published key; this is one of ours.
SECRETS = {
    "token": "QDG6eK8vZx2mPq0sT5uW7yA9bC1dE3fG",
    "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}


def knock(push, method="POST"):
    return Knock(method, dict(parse_qsl(push.query)), body=push.body)


@pytest.fixture
async def sent(at_work, duty, picture):
    """A world in which a mass send and a publishing are under way, with the connector's handles for them."""
    there = await at_work("wechat")
    world = World(there.platform)
    there.platform.memory["wechat"]["callback"] = dict(SECRETS)
    handles = {}
    for kind in ("mass_send", "publish"):
        outgoing = duty(kind, "明前龙井", title="春茶", media=(picture("cover"),))
        first = await publishing.publish(there.session, outgoing)
        second = await publishing.follow(there.session, replace(outgoing, handle=first.handle))
        assert isinstance(second, Processing)
        assert hooks.names(first.handle) == ()
        handles[kind] = second.handle
    return there, world, handles, Door(SECRETS, there.session.remote_id)


@pytest.mark.parametrize("sealed", [True, False])
async def test_the_end_of_a_job_names_what_the_handle_stands_for(sent, sealed):
    there, world, handles, door = sent
    if not sealed:
        del there.platform.memory["wechat"]["callback"]["aes_key"]
    told = [hooks.verify(knock(callbacks.push(world, *one)), door) for one in callbacks.untold(world)]
    assert all(heard and heard.answer == "success" for heard in told)
    assert {name for heard in told for name in heard.about} == {
        name for handle in handles.values() for name in hooks.names(handle)
    }
    assert callbacks.untold(world) == []


async def test_the_challenge_is_answered_with_its_own_words(sent):
    _there, world, _handles, door = sent
    assert hooks.verify(knock(callbacks.challenge(world), "GET"), door) == Heard("5916254158")
    forged = replace(door, secrets={**SECRETS, "token": "another"})
    assert hooks.verify(knock(callbacks.challenge(world), "GET"), forged) is None
    assert hooks.verify(knock(callbacks.challenge(world, "<script>\n"), "GET"), door) is None


async def test_what_is_not_surely_wechats_is_nothing(sent):
    _there, world, _handles, door = sent
    job = callbacks.untold(world)[0]
    good = knock(callbacks.push(world, *job))
    assert hooks.verify(good, door) is not None
    query = dict(good.query)
    wrong = {
        "another token": (good, replace(door, secrets={**SECRETS, "token": "x"})),
        "another key": (good, replace(door, secrets={**SECRETS, "aes_key": SECRETS["aes_key"][::-1]})),
        "no secrets": (good, Door({}, door.remote_id)),
        "another account": (good, replace(door, remote_id="wxother")),
        "another time": (replace(good, query={**query, "timestamp": "1"}), door),
        "no signature": (replace(good, query={k: v for k, v in query.items() if "sig" not in k}), door),
        "not ASCII": (replace(good, query={**query, "msg_signature": "é☃"}), door),
        "another body": (replace(good, body=good.body.replace(b"[CDATA[", b"[CDATA[AAAA", 2)), door),
        "no body": (replace(good, body=b""), door),
        "a bomb": (replace(good, body=b'<!DOCTYPE x [<!ENTITY a "aa">]><xml>&a;</xml>'), door),
        "noise": (replace(good, body=bytes(range(256))), door),
    }
    assert {name: hooks.verify(*pair) for name, pair in wrong.items()} == dict.fromkeys(wrong)


async def test_a_followers_message_is_acknowledged_and_about_nothing(sent):
    _there, world, _handles, door = sent
    query = dict(parse_qsl(callbacks.challenge(world).query))
    for body in (
        b"<xml><MsgType><![CDATA[text]]></MsgType><MsgId>1</MsgId></xml>",
        b"",
        b"<xml><Event>VIEW</Event></xml>",
    ):
        assert hooks.verify(Knock("POST", query, body=body), door) == Heard("success")


def test_a_seal_opens_with_its_own_key_and_for_its_own_account():
    key = SECRETS["aes_key"]
    for text in ("", "a", "茶" * 500, "x" * 31, "y" * 32):
        assert sealing.opened(sealing.seal(text, key, "wx1"), key, "wx1") == text
    for broken in ("", "AAAA", "not base64!", sealing.seal("a", key, "wx2"), "A" * 64):
        with pytest.raises(ValueError):
            sealing.opened(broken, key, "wx1")


async def test_the_emulator_calls_the_configured_address(at_work, duty, picture):
    heard = asyncio.Queue()

    async def door(request):
        await heard.put(Knock("POST", dict(request.query), body=await request.read()))
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post("/here", door)
    there = await at_work("wechat")
    async with serve(app) as base:
        there.platform.memory.setdefault("wechat", {})["callback"] = {**SECRETS, "url": f"{base}/here"}
        outgoing = duty("publish", "明前龙井", title="春茶", media=(picture("cover"),))
        first = await publishing.publish(there.session, outgoing)
        second = await publishing.follow(there.session, replace(outgoing, handle=first.handle))
        came = await asyncio.wait_for(heard.get(), 5)
        there.platform.memory["wechat"]["callback"] = {}
    told = hooks.verify(came, Door(SECRETS, there.session.remote_id))
    assert told == Heard("success", tuple(hooks.names(second.handle)))


def test_a_body_of_spaces_is_read_once():
    """Anybody may write one: it is searched before its signature can be looked at."""
    door = Door(SECRETS, "wx", {})
    for opening in ("<Encrypt>", "<Event>", "<Encrypt><![CDATA["):
        body = (opening + " " * 60_000).encode()
        assert hooks.verify(Knock("POST", {"encrypt_type": "aes"}, body=body), door) is None
    spaced = f"<Encrypt>{' ' * 30}abc</Encrypt>"
    assert hooks._SEALED.search(spaced) is None
    assert hooks._SEALED.search("<Encrypt>\n<![CDATA[abc]]>\n</Encrypt>")[1] == "abc"
