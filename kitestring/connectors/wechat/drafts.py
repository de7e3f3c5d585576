"""An article's way into the draft box: pictures first, since WeChat drops every picture it does not hold itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.article_html import article
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.marked import pictures_in, unplaced
from kitestring.connectors.wechat import materials
from kitestring.connectors.wechat.client import MANIFEST, App, named
from kitestring.kit import clock

COVER = "cover"
# WeChat does not say how long it keeps a picture that no article shows: longer than this we do not count on it.
HELD = timedelta(days=1)


def body(outgoing: Outgoing, pictures: Mapping[int, str]) -> str:
    """The article's HTML, with the addresses of its pictures by their place among the files."""
    return article(MANIFEST.kind(outgoing.kind), outgoing.text, outgoing.media, pictures.__getitem__)


def inside(outgoing: Outgoing) -> list[int]:
    """The places of the files that stand in the article: where the text has them, or after it. The cover may be one."""
    names = [media.name for media in outgoing.media]
    placed = set(pictures_in(outgoing.text))
    after = set(unplaced(names, outgoing.text))
    return [place for place, name in enumerate(names) if place in after or (name and name in placed)]


async def make(session: Session, caller: App, outgoing: Outgoing) -> tuple[str, str]:
    """Upload what the article needs and put it into the draft box: (draft's media id, cover's media id).

    Nothing here is visible to a reader, so an unclear answer is only tried again: at worst a draft lies there twice.
    What an earlier try uploaded is used; a cover that WeChat no longer has (40007) goes up anew with all the rest.
    """
    return await materials.anew(outgoing, [COVER, ""], lambda: _made(session, caller, outgoing))


async def _made(session: Session, caller: App, outgoing: Outgoing) -> tuple[str, str]:
    cover = await _cover(caller, outgoing)
    pictures = {place: await _picture(caller, outgoing, outgoing.media[place]) for place in inside(outgoing)}
    draft = await caller.call("/cgi-bin/draft/add", _draft(session, outgoing, cover, pictures), write=True)
    return named(draft, "media_id"), cover


async def exists(caller: App, draft: str) -> bool:
    """Whether the draft is still in the box; it leaves when it is sent, published or thrown away."""
    told = await caller.call("/cgi-bin/draft/get", {"media_id": draft}, accept=(40007,))
    return not told.get("errcode") and bool(shapes.listed(told, "news_item"))


async def _cover(caller: App, outgoing: Outgoing) -> str:
    """The cover's number among the account's lasting materials, of which it may have only so many."""
    return await materials.lasting(caller, outgoing, outgoing.media[0], COVER)


async def _picture(caller: App, outgoing: Outgoing, media: Media) -> str:
    """Its address on WeChat's own servers, which takes no place among the materials."""
    if kept := outgoing.uploads.get(media):
        return kept.handle
    told = await caller.call("/cgi-bin/media/uploadimg", write=True, parts=[materials.part(media)])
    made = named(told, "url")
    await outgoing.uploads.keep(media, made, expires_at=clock.now() + HELD)
    return made


def comments(session: Session, outgoing: Outgoing) -> dict[str, int]:
    """Who may comment, where the account has comments at all."""
    who = outgoing.options.get("comments", "everyone") if session.settings.get("comments") else "nobody"
    return {"need_open_comment": int(who != "nobody"), "only_fans_can_comment": int(who == "followers")}


def _draft(session: Session, outgoing: Outgoing, cover: str, pictures: Mapping[int, str]) -> dict[str, Any]:
    article = {
        "article_type": "news",
        "title": outgoing.title.strip(),
        "author": outgoing.options.get("author", ""),
        "digest": outgoing.options.get("digest", ""),
        "content": body(outgoing, pictures),
        "content_source_url": outgoing.link,
        "thumb_media_id": cover,
        **comments(session, outgoing),
    }
    return {"articles": [article]}
