"""A WordPress in miniature: the REST routes we call, answering as a real WordPress 6.1.9 did (November 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from aiohttp import BasicAuth, web

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, latin, stores, takes_files

STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
LONGEST_COMMENT = 65525
PLATFORM = web.AppKey("platform", Platform)
MEMBER = web.RequestKey("member", str)


def error(code: str, message: str, status: int) -> web.Response:
    """A refusal in WordPress's words."""
    return web.json_response({"code": code, "message": message, "data": {"status": status}}, status=status)


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect as `account_name`, who is made an editor by being asked for."""
    return {"url": base_url, "user": account_name, "app_password": _password(account_name)}


def confirm(platform: Platform, item_or_handle: str) -> None:
    """Let a held comment through, as a moderator would."""
    platform.items[item_or_handle.removeprefix("c")].extra["status"] = "approved"


def lose_files(platform: Platform) -> None:
    """Somebody empties the site's library."""
    platform.memory.get("media", {}).clear()


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The site over `platform`. `platform.memory["hold"]` = True holds comments of other people."""
    manners = Manners(
        busy=lambda: error("rest_too_many_requests", "Too many requests.", 429),
        unauthorized=lambda: error("rest_not_logged_in", "You are not currently logged in.", 401),
        broken=lambda: error("internal_server_error", "There has been a critical error.", 500),
        retired=lambda: error(
            "rest_no_route", "No route was found matching the URL and request method.", 404
        ),
    )
    app = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), _log_in], client_max_size=32_000_000
    )
    app[PLATFORM] = platform
    api = "/wp-json/wp/v2"
    app.add_routes(
        [
            web.get("/wp-json/", _index),
            web.get(f"{api}/users/me", _me),
            web.get(f"{api}/media", _media),
            web.post(f"{api}/media", _upload),
            web.get(f"{api}/media/{{id}}", _one_media),
            web.get(f"{api}/posts", _posts),
            web.post(f"{api}/posts", _post),
            web.delete(f"{api}/posts/{{id}}", _bin_post),
            web.get(f"{api}/comments", _comments),
            web.post(f"{api}/comments", _comment),
            web.get(f"{api}/comments/{{id}}", _one_comment),
            web.post(f"{api}/comments/{{id}}", _change_comment),
            web.delete(f"{api}/comments/{{id}}", _bin_comment),
            web.get("/{slug}/", _page),
        ]
    )
    return app


def _password(name: str) -> str:
    """The application password of an account, in WordPress's groups of four."""
    letters = f"{name.encode().hex():0<24}"[-24:]
    return " ".join(letters[at : at + 4] for at in range(0, 24, 4))


@web.middleware
async def _log_in(request: web.Request, handler: Any) -> web.StreamResponse:
    """Who is asking; WordPress answers 401 to a wrong application password on every route of the API."""
    name = ""
    if given := request.headers.get("Authorization"):
        try:
            login = BasicAuth.decode(given, encoding="utf-8")
        except ValueError:
            return error("rest_not_logged_in", "You are not currently logged in.", 401)
        if login.password.replace(" ", "") != _password(login.login).replace(" ", ""):
            return error("rest_not_logged_in", "You are not currently logged in.", 401)
        name = login.login
    elif "/wp/v2/" in request.path and (request.method != "GET" or "users/me" in request.path):
        return error("rest_not_logged_in", "You are not currently logged in.", 401)
    request[MEMBER] = name
    return await _routed(request, handler)


async def _routed(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except web.HTTPNotFound:
        if request.path.startswith("/wp-json/"):
            return error("rest_no_route", "No route was found matching the URL and request method.", 404)
        raise
    return answer


def _number(platform: Platform, name: str) -> int:
    """The user's number, given at first sight."""
    users: dict[str, int] = platform.memory.setdefault("users", {})
    return users.setdefault(name, len(users) + 2)


async def _index(request: web.Request) -> web.Response:
    """A site of the login's own name: where it really answers is only a port of this machine."""
    home = f"https://{latin(request[MEMBER]).replace('_', '-') or 'kite-house'}.example"
    return web.json_response({"name": "Kite House", "home": home, "url": home, "site_icon_url": ""})


async def _me(request: web.Request) -> web.Response:
    rights = dict.fromkeys(("publish_posts", "upload_files", "moderate_comments", "edit_posts"), True)
    name = request[MEMBER]
    number = _number(request.app[PLATFORM], name)
    return web.json_response({"id": number, "name": name, "slug": name, "capabilities": rights})


async def _media(request: web.Request) -> web.Response:
    library: dict[str, Any] = request.app[PLATFORM].memory.setdefault("media", {})
    found = library.get(request.query.get("slug", ""))
    return web.json_response([found] if found else [])


async def _one_media(request: web.Request) -> web.Response:
    library: dict[str, Any] = request.app[PLATFORM].memory.setdefault("media", {})
    wanted = request.match_info["id"]
    found = next((kept for kept in library.values() if str(kept["id"]) == wanted), None)
    if found is None:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    return web.json_response(found)


@takes_files
async def _upload(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.read()
    if not body:
        return error("rest_upload_no_data", "No data supplied.", 400)
    if not body.startswith(STARTS):
        # A 500, as the real one: its way of refusing a file.
        return error(
            "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.", 500
        )
    slug = request.query.get("slug", "")
    library: dict[str, Any] = platform.memory.setdefault("media", {})
    library[slug] = {
        "id": int(platform.next_id()),
        "slug": slug,
        "alt_text": request.query.get("alt_text", ""),
        "source_url": f"{request.url.origin()}/wp-content/uploads/{slug}",
        "mime_type": request.content_type,
        "size": len(body),
    }
    return web.json_response(library[slug], status=201)


def _post_json(item: Item, request: web.Request) -> dict[str, Any]:
    return {
        "id": int(item.id),
        "slug": _slug_of(item),
        "status": item.extra.get("status", "publish"),
        "link": f"{request.url.origin()}/{_slug_of(item)}/",
        "author": _number(request.app[PLATFORM], item.author),
        "date_gmt": _gmt(item.at),
        "title": {"raw": item.title, "rendered": escape(item.title)},
        "content": {"raw": item.extra.get("html", ""), "rendered": item.extra.get("html", "")},
        "featured_media": item.extra.get("featured", 0),
    }


def _gmt(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%dT%H:%M:%S")


def _slug_of(item: Item) -> str:
    """Posts of the demo's history were never given a slug: their number is one."""
    return str(item.extra.setdefault("slug", f"p-{item.id}"))


async def _posts(request: web.Request) -> web.Response:
    platform, wanted = request.app[PLATFORM], request.query.get("slug")
    found = [i for i in platform.posts() if not wanted or _slug_of(i) == wanted]
    if include := request.query.get("include"):
        found = [i for i in found if i.id in include.split(",")]
    if author := request.query.get("author"):
        found = [i for i in found if str(_number(platform, i.author)) == author]
    found.sort(key=lambda item: item.at, reverse=True)
    return web.json_response(
        [_post_json(i, request) for i in found[: int(request.query.get("per_page", 10))]]
    )


@stores
async def _post(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.json()
    if not (body.get("title") or body.get("content")):
        return error("empty_content", "Content, title, and excerpt are empty.", 400)
    taken = {_slug_of(i) for i in platform.posts()}
    slug = wanted = str(body.get("slug") or platform.next_id())
    number = 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    html = str(body.get("content") or "")
    item = Item(
        platform.next_id(),
        request[MEMBER],
        to_text(html),
        platform.clock().isoformat(),
        author_name=request[MEMBER],
        title=str(body.get("title") or ""),
        media=_attached(platform, body, html),
        extra={"slug": slug, "html": html, "featured": body.get("featured_media", 0)},
    )
    platform.add(item)
    return web.json_response(_post_json(item, request), status=201)


def _attached(platform: Platform, body: Mapping[str, Any], html: str) -> list[dict[str, Any]]:
    library: dict[str, Any] = platform.memory.get("media", {})
    return [
        {"url": m["source_url"], "alt": m["alt_text"], "mime": m["mime_type"]}
        for m in library.values()
        if m["id"] == body.get("featured_media") or m["source_url"] in html
    ]


async def _bin_post(request: web.Request) -> web.Response:
    platform, number = request.app[PLATFORM], request.match_info["id"]
    if number not in platform.items:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    platform.remove(number)
    return web.json_response({"id": int(number), "status": "trash"})


def _held(item: Item, platform: Platform) -> bool:
    standing = item.extra.get("status")
    ours = item.author in platform.memory.get("users", {})
    return bool(standing == "hold" or (standing is None and not ours and platform.memory.get("hold")))


def _comment_json(item: Item, request: web.Request) -> dict[str, Any]:
    platform = request.app[PLATFORM]
    ours = item.author in platform.memory.get("users", {})
    number = int(item.id.removeprefix("c"))
    parent = item.parent.removeprefix("c")
    post = platform.items[item.root]
    return {
        "id": number,
        "post": int(item.root),
        "parent": 0 if item.parent == item.root else int(parent),
        "author": _number(platform, item.author) if ours else 0,
        "author_name": item.author_name or item.author,
        "author_email": "" if ours else f"{item.author}@readers.example",
        "author_avatar_urls": {},
        "date_gmt": _gmt(item.at),
        "content": {
            "raw": escape(item.text, quote=False),
            "rendered": f"<p>{escape(item.text, quote=False)}</p>",
        },
        "link": f"{request.url.origin()}/{_slug_of(post)}/#comment-{number}",
        "status": "hold" if _held(item, platform) else "approved",
    }


def _comment_item(platform: Platform, number: str) -> Item | None:
    """The audience's comments are "12", ours are "c12": one numbering, as in WordPress."""
    item = platform.items.get(number) or platform.items.get(f"c{number}")
    return item if item is not None and item.parent else None


async def _comments(request: web.Request) -> web.Response:
    platform, asked = request.app[PLATFORM], request.query
    on = {p for p in asked.get("post", "").split(",") if p}
    there = [i for i in platform.items.values() if i.parent and i.root in platform.items]
    rows = [_comment_json(i, request) for i in there]
    rows = [r for r in rows if not on or str(r["post"]) in on]
    if asked.get("status", "approve") == "approve":
        rows = [r for r in rows if r["status"] == "approved"]
    for name in ("parent", "author"):
        if name in asked:
            rows = [r for r in rows if str(r[name]) == asked[name]]
    rows.sort(key=lambda row: int(row["id"]), reverse=True)
    size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
    return web.json_response(rows[(page - 1) * size : page * size], headers=headers)


async def _one_comment(request: web.Request) -> web.Response:
    item = _comment_item(request.app[PLATFORM], request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    return web.json_response(_comment_json(item, request))


async def _change_comment(request: web.Request) -> web.Response:
    item = _comment_item(request.app[PLATFORM], request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    item.extra["status"] = (await request.json()).get("status", "approved")
    return web.json_response(_comment_json(item, request))


@stores
async def _comment(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.json()
    post, parent = str(body.get("post", "")), str(body.get("parent") or "")
    text = to_text(str(body.get("content", "")).replace("\n", "<br>"))
    if post not in platform.items:
        return error(
            "rest_comment_invalid_post_id", "Sorry, you are not allowed to create this comment.", 403
        )
    if not text:
        return error("rest_comment_content_invalid", "Invalid comment content.", 400)
    if len(str(body["content"]).encode()) > LONGEST_COMMENT:
        return error("comment_content_column_length", "Comment field exceeds maximum length allowed.", 400)
    under = _comment_item(platform, parent) if parent else platform.items[post]
    on = under.id if under else post
    if any(
        i.text == text and i.author == request[MEMBER] and i.parent == on for i in platform.items.values()
    ):
        return error("comment_duplicate", "Duplicate comment detected.", 409)
    _number(platform, request[MEMBER])
    at = platform.clock().isoformat()
    item = Item(f"c{platform.next_id()}", request[MEMBER], text, at, parent=on, root=post)
    platform.add(item)
    return web.json_response(_comment_json(item, request), status=201)


async def _bin_comment(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    item = _comment_item(platform, request.match_info["id"])
    if item is None:
        return error("rest_comment_invalid_id", "Invalid comment ID.", 404)
    platform.remove(item.id)
    return web.json_response({"status": "trash"})


async def _page(request: web.Request) -> web.Response:
    """The post as a reader sees it."""
    platform = request.app[PLATFORM]
    for item in platform.posts():
        if _slug_of(item) == request.match_info["slug"]:
            said = "".join(f"<li>{escape(c.author_name or c.author)}: {escape(c.text)}</li>"
                           for c in platform.comments(item.id) if not _held(c, platform))  # fmt: skip
            body = f"<h1>{escape(item.title)}</h1>{item.extra.get('html', escape(item.text))}<ul>{said}</ul>"
            head = f'<meta charset="utf-8"><title>{escape(item.title)}</title>'
            return web.Response(text=f"<!doctype html>{head}{body}", content_type="text/html")
    raise web.HTTPNotFound
