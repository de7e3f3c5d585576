"""An article's way into the draft box: pictures first, since WeChat drops every picture it does not hold itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

from kitestring.connectorkit.articles import to_html
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat import materials
from kitestring.connectors.wechat.client import App
from kitestring.kit import clock

# As long as the addresses WeChat gives its pictures (about 110 letters), for counting before they are known.
PLACE = "x" * 160
LONGEST = 20_000
LARGEST = 1_000_000
COVER = "cover"
# WeChat does not say how long it keeps a picture that no article shows: longer than this we do not count on it.
HELD = timedelta(days=1)


def check_size(outgoing: Outgoing) -> None:
    """Refuse an article whose HTML would be over what a draft takes (fewer than 20,000 letters, less than 1 MB)."""
    html = body(outgoing, [PLACE] * len(outgoing.media[1:]))
    if len(html) >= LONGEST or len(html.encode()) >= LARGEST:
        raise Rejected("text", "article_too_long", params={"count": len(html), "limit": LONGEST})


def body(outgoing: Outgoing, pictures: Sequence[str]) -> str:
    """The article's HTML: the text, then the pictures after the cover. Links are words there: WeChat takes none."""
    shown = [f'<p><img src="{escape(address)}" style="max-width:100%"></p>' for address in pictures]
    return "\n".join([to_html(outgoing.text, links=False), *shown])


async def make(session: Session, caller: App, outgoing: Outgoing) -> tuple[str, str]:
    """Upload what the article needs and put it into the draft box: (draft's media id, cover's media id).

    Nothing here is visible to a reader, so an unclear answer is only tried again: at worst a draft lies there twice.
    What an earlier try uploaded is used; a cover that WeChat no longer has (40007) goes up anew with all the rest.
    """
    return await materials.anew(outgoing, [COVER, ""], lambda: _made(session, caller, outgoing))


async def _made(session: Session, caller: App, outgoing: Outgoing) -> tuple[str, str]:
    cover = await _cover(caller, outgoing)
    pictures = [await _picture(caller, outgoing, media) for media in outgoing.media[1:]]
    draft = await caller.call("/cgi-bin/draft/add", _draft(session, outgoing, cover, pictures), write=True)
    return str(draft["media_id"]), cover


async def exists(caller: App, draft: str) -> bool:
    """Whether the draft is still in the box; it leaves when it is sent, published or thrown away."""
    told = await caller.call("/cgi-bin/draft/get", {"media_id": draft}, accept=(40007,))
    return not told.get("errcode")


async def _cover(caller: App, outgoing: Outgoing) -> str:
    """The cover's number among the account's lasting materials, of which it may have only so many."""
    return await materials.lasting(caller, outgoing, outgoing.media[0], COVER)


async def _picture(caller: App, outgoing: Outgoing, media: Media) -> str:
    """Its address on WeChat's own servers, which takes no place among the materials."""
    if kept := outgoing.uploads.get(media):
        return kept.handle
    made = str(
        (await caller.call("/cgi-bin/media/uploadimg", write=True, parts=[materials.part(media)]))["url"]
    )
    await outgoing.uploads.keep(media, made, expires_at=clock.now() + HELD)
    return made


def comments(session: Session, outgoing: Outgoing) -> dict[str, int]:
    """Who may comment, where the account has comments at all."""
    who = outgoing.options.get("comments", "everyone") if session.settings.get("comments") else "nobody"
    return {"need_open_comment": int(who != "nobody"), "only_fans_can_comment": int(who == "followers")}


def _draft(session: Session, outgoing: Outgoing, cover: str, pictures: Sequence[str]) -> dict[str, Any]:
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
