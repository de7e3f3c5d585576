"""A post of words, a link or pictures: an unpublished draft first, then published by its id.

Source: developers.facebook.com/docs/pages-api/posts; parameters: Page and PagePost of facebook-business-sdk-codegen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Media, Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.facebook.client import MANIFEST
from kitestring.connectors.facebook.steps import GONE, State, absolute, address
from kitestring.kit import clock
from kitestring.kit.http import Part
from kitestring.providers.meta.graph import Graph, number

# A temporary photo that no post shows is deleted after about a day.
HELD: Final = timedelta(hours=23)


def wording(outgoing: Outgoing) -> str:
    """Pictures leave no room for a link's card: the link then closes the text, unless it is in there already."""
    text = outgoing.text.strip()
    if not (outgoing.link and outgoing.media):
        return text
    if any(span.text == outgoing.link for span in links(text, any_host=True)):
        return text
    return f"{text}\n\n{outgoing.link}".strip()


async def make(session: Session, graph: Graph, outgoing: Outgoing) -> dict[str, Any]:
    """The draft's id. Its pictures go up first; those that Facebook cleared away meanwhile go up anew."""
    text = wording(outgoing)
    check_outgoing(MANIFEST, replace(outgoing, text=text), session.account_type)
    ids = [await _photo(session, graph, outgoing, place) for place in range(len(outgoing.media))]
    body = await graph.post(
        f"{session.remote_id}/feed",
        write=False,
        message=text,
        link="" if outgoing.media else outgoing.link,
        attached_media=[{"media_fbid": photo} for photo in ids],
        published=False,
        unpublished_content_type="DRAFT",
        sponsor_id=outgoing.options.get("sponsor_id", "").strip(),
    )
    if not body.get("id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return {"post": str(body["id"])}


async def _photo(session: Session, graph: Graph, outgoing: Outgoing, place: int) -> str:
    media, where = outgoing.media[place], str(place)
    if kept := outgoing.uploads.get(media, where):
        try:
            await graph.get(number(kept.handle), fields="id")
        except Rejected as error:
            if error.reason != "not_there":
                raise
            await outgoing.uploads.forget(media, where)
        else:
            return kept.handle
    photo = await upload(session, graph, media, temporary=True)
    await outgoing.uploads.keep(media, photo, place=where, expires_at=clock.now() + HELD)
    return photo


async def upload(session: Session, graph: Graph, media: Media, *, temporary: bool) -> str:
    """A picture's id there. No post shows it."""
    body = await graph.post(
        f"{session.remote_id}/photos",
        write=False,
        parts=[Part("source", media.path, f"{media.sha256[:12] or 'picture'}.img", media.mime)],
        published=False,
        temporary=temporary,
        alt_text_custom=media.alt,
    )
    return str(body["id"])


async def state(session: Session, graph: Graph, done: dict[str, Any]) -> State:
    try:
        body = await graph.get(number(done["post"]), fields="id,is_published,permalink_url")
    except Rejected as error:
        if error.reason == "not_there":
            return GONE
        raise
    if not isinstance(body.get("is_published"), bool):
        raise shapes.odd(body)
    if not body["is_published"]:
        return None
    return Published(done["post"], absolute(session, str(body.get("permalink_url") or "")))


async def go_on(session: Session, graph: Graph, done: dict[str, Any], outgoing: Outgoing) -> Outcome:
    """Publish the draft. It is one known post: said twice it stays one."""
    try:
        await graph.post(number(done["post"]), write=True, is_published=True)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "draft_gone", said=error.said) from error
        raise
    return Published(done["post"], await address(session, graph, done["post"]))
