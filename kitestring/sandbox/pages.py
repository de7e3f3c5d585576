"""What a reader sees: any post of an emulated channel as a plain page with its answers and counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from html import escape
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.presences import PRESENCES, Presence

STYLE = """<style>
:root{color-scheme:light dark}
body{font:15px/1.6 Inter,system-ui,"Noto Sans SC",sans-serif;max-width:640px;margin:32px auto;padding:0 16px}
h1{font-size:20px} .note{color:#8a5a10;font-size:13px} article{border-top:1px solid #8884;padding:12px 0}
.who{font-weight:600} .at,.counts{color:#888;font-size:13px} .answer{margin-left:28px} p{margin:4px 0;white-space:pre-wrap}
a{color:inherit}
</style>"""
NOTE = "This is Kitestring's sandbox, not the real channel. Nothing here leaves this machine."


def reader(one: Emulated) -> Any:
    """Middleware: a browser that asks for a page whose last part is a post's id is shown that post; at `/`, the channel."""

    @web.middleware
    async def show(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            if request.path == "/":
                return page(one.connector.manifest.name.en, channel_html(one))
            item = find(one, request.path.rstrip("/").rpartition("/")[2])
            if item is not None:
                return page(item.title or item.author_name or item.author, post_html(one, item))
        return await handler(request)

    return show


def find(one: Emulated, tail: str) -> Item | None:
    """The post or answer whose id is, or ends in, `tail`."""
    if not tail:
        return None
    ends = (f"/{tail}", f":{tail}")
    return next((i for i in one.platform.items.values() if i.id == tail or i.id.endswith(ends)), None)


def channel_html(one: Emulated) -> str:
    """What the channel's own form would be filled with for each of the demo's accounts, and the newest posts."""
    facts = one.connector.manifest.auth
    asked = {field.key: field.label.en for field in (*facts.fields, *(facts.app.fields if facts.app else ()))}
    parts = [f"<h1>{escape(one.connector.manifest.name.en)}</h1>"]
    # Where the demo's brands have no account of their own, the sandbox takes anybody: one is proposed.
    anybody = Presence("hien", one.slug, "hien-ca-phe", "Hiên Cà Phê", 0)
    for presence in [each for each in PRESENCES if each.channel == one.slug] or [anybody]:
        lines = "".join(
            f"<p>{escape(asked.get(key, key))}: <code>{escape(value)}</code></p>"
            for key, value in taken(one, presence.login).items()
        )
        parts.append(
            f'<article><span class="who">To connect {escape(presence.shown)}</span>{lines}</article>'
        )
    posts = sorted(one.platform.posts(), key=lambda item: item.at, reverse=True)
    return "".join(parts) + "".join(post_html(one, item, answers=False) for item in posts[:3])


def taken(one: Emulated, login: str) -> dict[str, str]:
    """What is typed to connect `login`: the app's keys where its owner agrees on the channel's page, else the form's."""
    if one.connector.consent is not None and not one.connector.manifest.auth.fields:
        return {key: str(value) for key, value in one.module.app(one.base).items()}
    return dict(one.module.answers(one.base, login))


def page(title: str, body: str) -> web.Response:
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{STYLE}</head>'
    text = f'{head}<body><p class="note">{NOTE}</p>{body}</body></html>'
    return web.Response(text=text, content_type="text/html")


def post_html(one: Emulated, item: Item, *, answers: bool = True) -> str:
    """The item and, under it, what people said."""
    below = one.platform.comments(item.root or item.id) if answers else []
    said = "".join(_entry(c, "answer") for c in sorted(below, key=lambda c: c.at) if c.visible)
    return _entry(item, "post") + said


def _entry(item: Item, kind: str) -> str:
    counts = " · ".join(f"{name} {number:,}" for name, number in item.counts.items() if number)
    at = datetime.fromisoformat(item.at).strftime("%Y-%m-%d %H:%M UTC")
    title = f"<h1>{escape(item.title)}</h1>" if item.title else ""
    return (
        f'<article class="{kind}"><span class="who">{escape(item.author_name or item.author)}</span> '
        f'<span class="at">{at}</span>{title}<p>{escape(item.text)}</p><span class="counts">{counts}</span></article>'
    )
