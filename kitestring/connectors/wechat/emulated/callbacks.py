"""What WeChat pushes to an account's server address: the challenge, the end of each job, followers' messages; signed and sealed.

Configured by `platform.memory["wechat"]["callback"] = {"url", "token"}`, with `"aes_key"` for safe mode. What is pushed is
documented; that a push comes as soon as a job ends, and that one nobody takes is tried three times in all, is assumed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from kitestring.connectors.wechat.emulated import talks
from kitestring.connectors.wechat.emulated.articles import ended, is_send
from kitestring.connectors.wechat.emulated.world import World
from kitestring.connectors.wechat.sealing import seal, signature

EVERY = 0.1
TRIES = 3
MASS = """<xml>
<ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>
<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>
<CreateTime>{at}</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[MASSSENDJOBFINISH]]></Event>
<MsgID>{job}</MsgID>
<Status><![CDATA[{status}]]></Status>
<TotalCount>100</TotalCount>
</xml>"""
PUBLISH = """<xml>
<ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>
<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>
<CreateTime>{at}</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[PUBLISHJOBFINISH]]></Event>
<PublishEventInfo>
<publish_id>{job}</publish_id>
<publish_status>{status}</publish_status>
</PublishEventInfo>
</xml>"""

TAP = """<xml>
<ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>
<FromUserName><![CDATA[{who}]]></FromUserName>
<CreateTime>{at}</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[CLICK]]></Event>
<EventKey><![CDATA[{key}]]></EventKey>
</xml>"""


@dataclass(frozen=True)
class Push:
    """One request to the account's address."""

    query: str
    body: bytes


def challenge(world: World, echo: str = "5916254158") -> Push:
    """The GET by which WeChat tries an address before it saves it."""
    return Push(urlencode({**_signed(world, world.setting("callback", {})), "echostr": echo}), b"")


def push(world: World, job_id: str, app_id: str) -> Push:
    """The end of a job, as it is now."""
    job = world.jobs[job_id]
    mass = is_send(job)
    status = ("send success", "send fail") if mass else ("0", "3")
    text = (MASS if mass else PUBLISH).format(
        at=int(world.now().timestamp()), job=job_id, status=status[bool(job.get("failed"))]
    )
    return _sealed(world, text, app_id)


def tap(world: World, app_id: str, person: str, key: str) -> Push:
    """A follower taps an entry of the menu of the type click."""
    text = TAP.format(at=int(world.now().timestamp()), who=talks.openid(person), key=key)
    return _sealed(world, text, app_id)


def _sealed(world: World, text: str, app_id: str) -> Push:
    """Signed; where a key was agreed (safe mode), sealed for the account too."""
    config = world.setting("callback", {})
    query = _signed(world, config)
    if config.get("aes_key"):
        sealed = seal(text, config["aes_key"], app_id)
        stamp = (config["token"], query["timestamp"], query["nonce"], sealed)
        query |= {"encrypt_type": "aes", "msg_signature": signature(*stamp)}
        text = f"<xml><ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Push(urlencode(query), text.encode())


def untold(world: World) -> list[tuple[str, str]]:
    """(job, app id) of what ended and was not told: each is given out once."""
    found = [job_id for job_id, job in world.jobs.items() if not job.get("told") and ended(world, job)]
    for job_id in found:
        world.jobs[job_id]["told"] = True
    return [(job_id, f"wx{world.jobs[job_id]['who'].encode().hex()}") for job_id in found]


def waiting(world: World) -> list[Push]:
    """Everything to be told now, each once."""
    jobs = [push(world, *one) for one in untold(world)]
    return jobs + [_sealed(world, talks.xml(item), str(item.extra["of"])) for item in talks.untold(world)]


async def calls(app: web.Application, world: World) -> AsyncIterator[None]:
    """While the emulator is served: tell the configured address of each job that ended."""
    task = asyncio.create_task(_call_on(world))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _call_on(world: World) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            await asyncio.sleep(EVERY)
            config = world.setting("callback", {})
            for one in waiting(world) if config.get("url") else ():
                await _tell(http, config["url"], one)


async def _tell(http: aiohttp.ClientSession, url: str, one: Push) -> None:
    headers = {"Content-Type": "text/xml"}
    for _try in range(TRIES):
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            address = f"{url}?{one.query}"
            async with http.post(
                address, data=one.body, headers=headers, timeout=aiohttp.ClientTimeout(5)
            ) as told:
                if told.status == 200:
                    return


def _signed(world: World, config: dict[str, Any]) -> dict[str, str]:
    stamp, nonce = str(int(world.now().timestamp())), f"n{world.next()}"
    return {
        "signature": signature(config["token"], stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": "oV5Crjp",
    }
