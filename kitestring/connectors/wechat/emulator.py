"""WeChat's interfaces in miniature: tokens that kill each other, drafts that leave, sends that wait for a person.

`platform.memory["wechat"]` may be set to make it strict: `{"confirm": "by_hand"}` leaves every mass send to `confirm`
(and fails it after 30 minutes); without it a send is confirmed by the second time anybody asks. `{"mass_sends": 9}`
changes the quota of a month, `{"without_comments": true}` takes the comment function away. With `{"callback": {"url", "token",
"aes_key"}}` it tells that address when a job ends (`emulated/callbacks.py`). What it grants an account: `emulated/account.py`.
Fixtures: what it answers is documented, but for the order of its checks, which is assumed.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform, stores, takes_files
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.wechat.emulated import (
    account,
    articles,
    bulk,
    callbacks,
    comments,
    menus,
    notices,
    tagging,
    talks,
)
from kitestring.connectors.wechat.emulated.world import Refused, World, refusal

WORLD = web.AppKey("world", World)
Act = Callable[[World, Mapping[str, Any]], dict[str, Any]]
# What is asked by POST: what puts something live or makes it, and the rest; then what is asked by GET.
STORING: Final[dict[str, Act]] = {
    "/cgi-bin/message/mass/sendall": articles.send_all,
    "/cgi-bin/freepublish/submit": articles.submit,
    "/cgi-bin/comment/reply/add": comments.reply,
    "/cgi-bin/message/custom/send": talks.send,
    "/cgi-bin/menu/create": menus.create,
    "/cgi-bin/menu/addconditional": menus.add_some,
    "/cgi-bin/tags/create": tagging.create,
    "/cgi-bin/message/template/send": notices.send,
}
PLAIN: Final[dict[str, Act]] = {
    "/cgi-bin/draft/add": articles.add_draft,
    "/cgi-bin/draft/get": articles.get_draft,
    "/cgi-bin/material/batchget_material": bulk.materials,
    "/cgi-bin/media/uploadvideo": bulk.upload_video,
    "/cgi-bin/message/mass/get": articles.mass_status,
    "/cgi-bin/message/mass/delete": articles.mass_delete,
    "/cgi-bin/message/mass/speed/get": lambda *_: {"speed": 3, "realspeed": 15},
    "/cgi-bin/freepublish/get": articles.publish_status,
    "/cgi-bin/freepublish/batchget": articles.published,
    "/cgi-bin/freepublish/delete": articles.publish_delete,
    "/cgi-bin/message/custom/typing": talks.typing,
    "/cgi-bin/comment/list": comments.listed,
    "/cgi-bin/comment/reply/delete": comments.take_back,
    "/cgi-bin/comment/markelect": comments.elect,
    "/cgi-bin/comment/unmarkelect": comments.unelect,
    "/cgi-bin/comment/delete": comments.delete,
    "/cgi-bin/menu/delconditional": menus.drop_some,
    "/cgi-bin/tags/update": tagging.update,
    "/cgi-bin/tags/delete": tagging.delete,
    "/cgi-bin/tags/getidlist": tagging.of,
    "/cgi-bin/tags/members/batchtagging": tagging.put_on,
    "/cgi-bin/tags/members/batchuntagging": tagging.take_off,
    "/datacube/getarticletotaldetail": articles.totals,
    "/datacube/getusercumulate": account.followers,
    "/datacube/getusersummary": account.changes,
    account.QUOTA: account.quota,
}
READ: Final[dict[str, Act]] = {
    "/cgi-bin/tags/get": bulk.tags,
    "/cgi-bin/template/get_all_private_template": notices.listed,
    "/cgi-bin/menu/get": menus.get,
    "/cgi-bin/menu/delete": menus.delete,
    "/cgi-bin/get_current_selfmenu_info": menus.current,
}


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect `account_name`, a verified service account: its app id holds the name."""
    app_id = f"wx{account_name.encode().hex()}"
    return {
        "name": account_name,
        "account_type": "service_verified",
        "app_id": app_id,
        "app_secret": sha256(app_id.encode()).hexdigest()[:32],
    }


def confirm(platform: Platform, item_or_handle: str) -> None:
    """The administrator's yes on the phone, to the send of a handle (JSON) or of an article's id."""
    try:
        msg_id = str(json.loads(item_or_handle).get("msg_id", ""))
    except ValueError:
        msg_id = item_or_handle.rpartition(":")[2][1:]
    world = World(platform)
    if msg_id in world.jobs:
        world.jobs[msg_id]["confirmed"] = True


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What WeChat would push now to an address with these secrets: ends of jobs, followers' messages."""
    world = World(platform)
    platform.memory.setdefault("wechat", {})["callback"] = dict(secrets)
    headers = {"content-type": "text/xml"}
    return [Knock("POST", dict(parse_qsl(one.query)), headers, one.body) for one in callbacks.waiting(world)]


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How it tries an address before it is saved there."""
    platform.memory.setdefault("wechat", {})["callback"] = dict(secrets)
    return Knock("GET", dict(parse_qsl(callbacks.challenge(World(platform)).query)))


def lose_files(platform: Platform) -> None:
    """Somebody deletes the account's materials on WeChat's page."""
    platform.memory.setdefault("wechat", {}).update(pictures={}, videos={})


def without_quotas(platform: Platform) -> None:
    """Any number of mass sends a month."""
    platform.memory.setdefault("wechat", {})["mass_sends"] = 1_000_000


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The interfaces over `platform`; tokens hold 7,200 s by the platform's clock."""
    manners = Manners(
        busy=lambda: refusal(45011, "api minute-quota reach limit, must slower, retry next minute"),
        # What ends a consent for good; a stale token (40001) is only asked for again.
        unauthorized=lambda: refusal(50002, "user limited"),
        broken=lambda: web.json_response({"errcode": -1, "errmsg": "system error"}, status=500),
    )
    app = web.Application(middlewares=[(faults or Faults()).middleware(manners)], client_max_size=64_000_000)
    app[WORLD] = World(platform)
    app.router.add_get("/cgi-bin/token", _plain_token)
    app.router.add_post("/cgi-bin/stable_token", _stable_token)
    app.router.add_post("/cgi-bin/material/add_material", _upload)
    app.router.add_post("/cgi-bin/media/uploadimg", _upload)
    for path, act in (*STORING.items(), *PLAIN.items()):
        handler = _door(act)
        app.router.add_post(path, stores(handler) if path in STORING else handler)
    for path, act in READ.items():
        app.router.add_get(path, _door(act))
    app.router.add_get("/s", _page)
    app.cleanup_ctx.append(lambda of: callbacks.calls(of, of[WORLD]))
    return app


def _door(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The envelope every interface shares: the token first, then JSON in and out, errors as errcode."""

    async def handle(request: web.Request) -> web.Response:
        world = request.app[WORLD].at(str(request.url.origin()))
        try:
            world.admit(request.query.get("access_token", ""))
            account.admit(world, request.path)
            told = act(world, json.loads(await request.text() or "{}"))
        except Refused as refused:
            return refusal(refused.code, str(refused), **refused.more)
        return web.json_response({"errcode": 0, "errmsg": "ok", **told})

    return handle


async def _plain_token(request: web.Request) -> web.Response:
    """The old way: every new token kills the one before it."""
    world = request.app[WORLD]
    try:
        app_id = world.login(request.query.get("appid", ""), request.query.get("secret", ""))
        account.admit_address(world, request.remote or "")
    except Refused as refused:
        return refusal(refused.code, str(refused))
    return web.json_response({"access_token": world.new_token(app_id, "plain"), "expires_in": 7200})


async def _stable_token(request: web.Request) -> web.Response:
    """The stable way: the same token for everybody while it holds, a new one only by force."""
    world, asked = request.app[WORLD], json.loads(await request.text() or "{}")
    try:
        app_id = world.login(str(asked.get("appid", "")), str(asked.get("secret", "")))
        account.admit_address(world, request.remote or "")
    except Refused as refused:
        return refusal(refused.code, str(refused))
    token, seconds = world.stable_token(app_id, bool(asked.get("force_refresh")))
    return web.json_response({"access_token": token, "expires_in": seconds})


@takes_files
async def _upload(request: web.Request) -> web.Response:
    world = request.app[WORLD].at(str(request.url.origin()))
    inside = request.path.endswith("uploadimg")
    try:
        world.admit(request.query.get("access_token", ""))
        account.admit(world, request.path)
        form = await request.post()
        part = form.get("media")
        if not isinstance(part, web.FileField):
            raise Refused(41005, "media data missing")
        data = part.file.read()
        if request.query.get("type") == "video":
            return web.json_response(_video(world, part.filename, data, str(form.get("description", ""))))
        if not data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            raise Refused(40113, "unsupported file type")
        if len(data) > (1_000_000 if inside else 10_000_000):
            raise Refused(40009, "invalid image size")
        return web.json_response(world.keep_picture(part.filename, inside))
    except Refused as refused:
        return refusal(refused.code, str(refused))


def _video(world: World, filename: str, data: bytes, description: str) -> dict[str, str]:
    """A lasting video: MP4, 10 MB at most, with a title and an introduction."""
    if b"ftyp" not in data[:16]:
        raise Refused(40005, "invalid file type")
    if len(data) > 10_000_000:
        raise Refused(40006, "invalid meida size")
    if not json.loads(description or "{}").get("title"):
        raise Refused(41029, "missing description")
    return world.keep_video(filename)


async def _page(request: web.Request) -> web.Response:
    """The article as a reader sees it."""
    item = request.app[WORLD].item(request.query.get("mid", ""))
    if item is None:
        raise web.HTTPNotFound
    said = "".join(f"<li>{escape(c.text)}</li>" for c in request.app[WORLD].platform.comments(item.id))
    body = f"<h1>{escape(item.title)}</h1>{item.extra.get('html', escape(item.text))}<ul>{said}</ul>"
    head = f'<meta charset="utf-8"><title>{escape(item.title)}</title>'
    return web.Response(text=f"<!doctype html>{head}{body}", content_type="text/html")
