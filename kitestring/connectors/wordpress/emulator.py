"""A WordPress in miniature: the REST routes we call, answering as a real WordPress 6.1.9 did (November 2026)."""

from __future__ import annotations

from html import escape
from typing import Any

from aiohttp import BasicAuth, web

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Faults, Item, Manners, Platform, latin, stores
from kitestring.connectors.wordpress.emulated import comments, library, terms
from kitestring.connectors.wordpress.emulated.shared import (
    MEMBER,
    PLATFORM,
    error,
    gmt,
    number_of,
    remote_id,
    slug_of,
)

LISTS_STAND_BARE = True  # a list is the whole answer: [] says that there is nothing
KEPT = ("excerpt", "categories", "tags", "sticky", "comment_status")
RIGHTS = ("publish_posts", "upload_files", "moderate_comments", "edit_posts", "edit_others_posts")


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
            web.get(f"{api}/media", library.listed),
            web.post(f"{api}/media", library.upload),
            web.get(f"{api}/media/{{id}}", library.one),
            web.get(f"{api}/posts", _posts),
            web.post(f"{api}/posts", _post),
            web.post(f"{api}/posts/{{id}}", _change_post),
            web.get(f"{api}/posts/{{id}}", _one_post),
            web.delete(f"{api}/posts/{{id}}", _bin_post),
            web.get(f"{api}/categories", terms.categories),
            web.get(f"{api}/tags", terms.tags),
            web.post(f"{api}/tags", terms.add_tag),
            web.get(f"{api}/comments", comments.listed),
            web.post(f"{api}/comments", comments.write),
            web.get(f"{api}/comments/{{id}}", comments.one),
            web.post(f"{api}/comments/{{id}}", comments.change),
            web.delete(f"{api}/comments/{{id}}", comments.bin_one),
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


async def _index(request: web.Request) -> web.Response:
    """A site of the login's own name: where it really answers is only a port of this machine."""
    home = f"https://{latin(request[MEMBER]).replace('_', '-') or 'kite-house'}.example"
    ways = {
        "application-passwords": {
            "endpoints": {"authorization": f"{home}/wp-admin/authorize-application.php"}
        }
    }
    ways = request.app[PLATFORM].memory.get("ways", ways)
    told = {"name": "Kite House", "home": home, "url": home, "site_icon_url": "", "authentication": ways}
    return web.json_response(told)


async def _me(request: web.Request) -> web.Response:
    platform, name = request.app[PLATFORM], request[MEMBER]
    rights = {right: right not in platform.memory.get("without", []) for right in RIGHTS}
    told = {"id": number_of(platform, name), "name": name, "slug": name, "roles": ["editor"]}
    return web.json_response({**told, "capabilities": rights})


def _post_json(item: Item, request: web.Request) -> dict[str, Any]:
    return {
        "id": int(item.id),
        "slug": slug_of(item),
        "status": item.extra.get("status", "publish"),
        "link": f"{request.url.origin()}/{slug_of(item)}/",
        "author": number_of(request.app[PLATFORM], item.author),
        "date_gmt": gmt(item.at),
        "title": {"raw": item.title, "rendered": escape(item.title)},
        "content": {"raw": item.extra.get("html", ""), "rendered": item.extra.get("html", "")},
        "featured_media": item.extra.get("featured", 0),
        **{key: item.extra[key] for key in KEPT if key in item.extra},
    }


async def _posts(request: web.Request) -> web.Response:
    platform, wanted = request.app[PLATFORM], request.query.get("slug")
    found = [i for i in platform.posts() if not wanted or slug_of(i) == wanted]
    if include := request.query.get("include"):
        found = [i for i in found if i.id in include.split(",")]
    if author := request.query.get("author"):
        found = [i for i in found if str(number_of(platform, i.author)) == author]
    found.sort(key=lambda item: item.at, reverse=True)
    total = platform.numbers(remote_id(request)).get("posts", len(found))
    size = int(request.query.get("per_page", 10))
    return web.json_response(
        [_post_json(i, request) for i in found[:size]], headers={"X-WP-Total": str(total)}
    )


async def _one_post(request: web.Request) -> web.Response:
    item = request.app[PLATFORM].items.get(request.match_info["id"])
    if item is None or item.parent:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    return web.json_response(_post_json(item, request))


async def _change_post(request: web.Request) -> web.Response:
    """Only what is named is changed; WordPress keeps what it was as a revision."""
    platform, body = request.app[PLATFORM], await request.json()
    item = platform.items.get(request.match_info["id"])
    if item is None or item.parent:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    if refused := _may_not(body, platform):
        return refused
    if "content" in body:
        item.extra["html"] = str(body["content"])
        item.text = to_text(item.extra["html"])
        item.media = library.attached(
            platform, {"featured_media": item.extra.get("featured")}, item.extra["html"]
        )
    item.title = str(body.get("title", item.title))
    item.extra |= {key: body[key] for key in KEPT if key in body}
    return web.json_response(_post_json(item, request))


def _may_not(body: dict[str, Any], platform: Platform) -> web.Response | None:
    if body.get("sticky") and "edit_others_posts" in platform.memory.get("without", []):
        return error("rest_cannot_assign_sticky", "Sorry, you are not allowed to make posts sticky.", 403)
    return None


@stores
async def _post(request: web.Request) -> web.Response:
    platform, body = request.app[PLATFORM], await request.json()
    if not (body.get("title") or body.get("content")):
        return error("empty_content", "Content, title, and excerpt are empty.", 400)
    if refused := _may_not(body, platform):
        return refused
    taken = {slug_of(i) for i in platform.posts()}
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
        media=library.attached(platform, body, html),
        extra={"slug": slug, "html": html, "featured": body.get("featured_media", 0)},
    )
    item.extra |= {key: body[key] for key in KEPT if key in body}
    platform.add(item)
    return web.json_response(_post_json(item, request), status=201)


async def _bin_post(request: web.Request) -> web.Response:
    platform, number = request.app[PLATFORM], request.match_info["id"]
    if number not in platform.items:
        return error("rest_post_invalid_id", "Invalid post ID.", 404)
    platform.remove(number)
    return web.json_response({"id": int(number), "status": "trash"})


async def _page(request: web.Request) -> web.Response:
    """The post as a reader sees it."""
    platform = request.app[PLATFORM]
    for item in platform.posts():
        if slug_of(item) == request.match_info["slug"]:
            said = "".join(f"<li>{escape(c.author_name or c.author)}: {escape(c.text)}</li>"
                           for c in platform.comments(item.id) if not comments.held(c, platform))  # fmt: skip
            body = f"<h1>{escape(item.title)}</h1>{item.extra.get('html', escape(item.text))}<ul>{said}</ul>"
            head = f'<meta charset="utf-8"><title>{escape(item.title)}</title>'
            return web.Response(text=f"<!doctype html>{head}{body}", content_type="text/html")
    raise web.HTTPNotFound
