"""The record of a post, made of what the delivery says: words, thread, labels, and what is shown under them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import regex
from yarl import URL

from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectorkit.links import links
from kitestring.connectorkit.options import YES
from kitestring.connectors.bluesky.client import POST, network, pds
from kitestring.connectors.bluesky.facets import facets, handles
from kitestring.connectors.bluesky.keys import parts
from kitestring.connectors.bluesky.records import record, stamp

LANGUAGES: Final = 3
TAG: Final = regex.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}")


def on_card(outgoing: Outgoing) -> bool:
    """Whether the picture belongs to the link's card instead of standing under the words."""
    return outgoing.options.get("card_picture") == YES


def wording(outgoing: Outgoing) -> str:
    """The text as it will read: files leave no room for a link's card, so the link then closes the text."""
    text = outgoing.text.strip()
    beside = outgoing.link and outgoing.media and not on_card(outgoing)
    if beside and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text}\n{outgoing.link}".strip()
    return text


def languages(outgoing: Outgoing) -> list[str]:
    """The post's own language and those its settings add, as BCP 47 writes them. Raises Rejected."""
    added = [one.strip() for one in outgoing.options.get("languages", "").split(",") if one.strip()]
    wrong = next((one for one in added if not TAG.fullmatch(one.replace("_", "-"))), "")
    if wrong:
        raise Rejected("options.languages", "language_unknown", params={"language": wrong[:40]})
    told = list(dict.fromkeys(_language(one) for one in (outgoing.language, *added) if one))
    if len(told) > LANGUAGES:
        params = {"limit": LANGUAGES, "over": len(told) - LANGUAGES}
        raise Rejected("options.languages", "languages_too_many", params=params)
    return told


def check_card(outgoing: Outgoing) -> None:
    """A card with a picture is a link with one picture. Raises Rejected."""
    pictures = [one for one in outgoing.media if one.mime.startswith("image/")]
    if on_card(outgoing) and (not outgoing.link or len(outgoing.media) != 1 or not pictures):
        raise Rejected("options.card_picture", "card_needs_link")


async def draft(
    session: Session, outgoing: Outgoing, video: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The record. `video`: the embed of a video that is ready there."""
    text = wording(outgoing)
    dids = {handle: did for handle in handles(text) if (did := await resolve(session, handle))}
    made: dict[str, Any] = {"$type": POST, "text": text, "createdAt": stamp()}
    if told := languages(outgoing):
        made["langs"] = told
    if found := facets(text, dids):
        made["facets"] = found
    if outgoing.kind == "reply":
        made["reply"] = await _thread(session, outgoing.reply_to)
    if label := outgoing.options.get("label"):
        made["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": label}]}
    if embed := video or await _embed(session, outgoing):
        made["embed"] = dict(embed)
    return made


def _language(tag: str) -> str:
    """A language tag as BCP 47 writes it: "zh-hans" is "zh-Hans"."""
    first, *rest = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(p.title() if len(p) == 4 else p.upper() for p in rest)])


async def resolve(session: Session, handle: str) -> str:
    """The DID of a handle, "" when nobody has it."""
    try:
        found = await pds(session).ask("com.atproto.identity.resolveHandle", (("handle", handle),))
    except (Rejected, GrantExpired) as error:
        if isinstance(error, GrantExpired):
            raise
        return ""
    return str(found.get("did", ""))


async def _thread(session: Session, parent: str) -> dict[str, Any]:
    """Parent and root of a reply, each by address and content hash. The parent's own root is the thread's.

    What we wrote ourselves (the part before, in a sequence) our own server knows at once; the network's view lags.
    """
    if own_parent := await _of_ours(session, parent):
        return own_parent
    shown = (await network(session).ask("app.bsky.feed.getPosts", (("uris", parent),))).get("posts") or []
    if shown:
        if (shown[0].get("viewer") or {}).get("replyDisabled"):
            raise Rejected("reply_to", "cannot_reply")
        uri, cid, value = shown[0]["uri"], shown[0]["cid"], shown[0].get("record") or {}
    else:
        repo, rkey = parts(parent)
        own = await record(session, repo, rkey)
        if own is None:
            raise Rejected("reply_to", "deleted")
        uri, cid, value = own["uri"], own["cid"], own.get("value") or {}
    return _between(uri, cid, value)


async def _of_ours(session: Session, parent: str) -> dict[str, Any] | None:
    """Parent and root where the parent is the account's own; None where somebody else wrote it."""
    repo, rkey = parts(parent)
    if repo != session.remote_id:
        return None
    found = await record(session, session.remote_id, rkey)
    if found is None:
        raise Rejected("reply_to", "deleted")
    return _between(str(found["uri"]), str(found["cid"]), found.get("value") or {})


def _between(uri: str, cid: str, value: dict[str, Any]) -> dict[str, Any]:
    here = {"uri": uri, "cid": cid}
    return {"root": (value.get("reply") or {}).get("root") or here, "parent": here}


async def blob(session: Session, outgoing: Outgoing, media: Media) -> dict[str, Any]:
    """The file's reference: named by its content, so the one an earlier try was given is as good."""
    if kept := outgoing.uploads.get(media):
        return dict(json.loads(kept.handle))
    taken = (await pds(session).give("com.atproto.repo.uploadBlob", media))["blob"]
    await outgoing.uploads.keep(media, json.dumps(taken))
    return dict(taken)


def shape(media: Media) -> dict[str, Any]:
    """Width and height as the network wants them told; nothing where they are not known."""
    if not (media.width and media.height):
        return {}
    return {"aspectRatio": {"width": media.width, "height": media.height}}


async def _embed(session: Session, outgoing: Outgoing) -> dict[str, Any] | None:
    if outgoing.media and not on_card(outgoing):
        images = [
            {"alt": media.alt, "image": await blob(session, outgoing, media), **shape(media)}
            for media in outgoing.media
        ]
        return {"$type": "app.bsky.embed.images", "images": images}
    if not outgoing.link:
        return None
    title = outgoing.options.get("card_title") or outgoing.title or (URL(outgoing.link).host or "")
    external: dict[str, Any] = {
        "uri": outgoing.link,
        "title": title,
        "description": outgoing.options.get("card_text", ""),
    }
    if on_card(outgoing):
        external["thumb"] = await blob(session, outgoing, outgoing.media[0])
    return {"$type": "app.bsky.embed.external", "external": external}
