"""Publishing on Bluesky: one record under a key of our own, which the server takes once and never twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from yarl import URL

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Media, Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.bluesky.client import (
    MANIFEST,
    POST,
    access,
    procedure,
    query,
    record,
    upload,
    view,
)
from kitestring.connectors.bluesky.facets import facets, handles
from kitestring.connectors.bluesky.keys import parts, tid
from kitestring.kit import clock


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, counting the link where it has to stand in the text."""
    check_outgoing(MANIFEST, replace(outgoing, text=wording(outgoing)))
    if outgoing.kind == "reply" and not outgoing.reply_to.startswith("at://"):
        raise Rejected("reply_to", "deleted")


def wording(outgoing: Outgoing) -> str:
    """The text as it will read: pictures leave no room for a link's card, so the link then closes the text."""
    text = outgoing.text.strip()
    if (
        outgoing.link
        and outgoing.media
        and not any(span.text == outgoing.link for span in links(text, any_host=True))
    ):
        return f"{text}\n{outgoing.link}".strip()
    return text


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Put the record under its key unless something is there. Pictures go first and show nowhere by themselves."""
    check(session, outgoing)
    used = [media for media in outgoing.media if outgoing.uploads.get(media)]
    try:
        made = await _put(session, outgoing)
    except Rejected as error:
        if error.reason == "key_taken" and (there := await look_up(session, outgoing)):
            return there
        if error.field != "media" or not used:
            raise
        # A refused record is nowhere. The server has cleared away what no record named: those files go up anew.
        for media in used:
            await outgoing.uploads.forget(media)
        made = await _put(session, outgoing)
    if not isinstance(made, dict) or not str(made.get("uri", "")).startswith("at://"):
        raise Ambiguous("not_itself", said=str(made))
    return _published(session, str(made["uri"]))


async def _put(session: Session, outgoing: Outgoing) -> Any:
    body = {
        "repo": session.remote_id,
        "collection": POST,
        "rkey": tid(outgoing.key, outgoing.stamp),
        "record": await _record(session, outgoing),
        "swapRecord": None,  # only where there is none yet
    }
    return await procedure(
        session.http, session.urls["api"], "com.atproto.repo.putRecord", access(session), body, write=True
    )


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Ask the account's own server, not the network's view of it, for the record under our key.

    Raises Rejected("key_taken") when something else stands there.
    """
    rkey = tid(outgoing.key, outgoing.stamp)
    found = await record(session, session.remote_id, rkey)
    if found is None:
        return None
    if (found.get("value") or {}).get("text") != wording(outgoing):
        raise Rejected("", "key_taken")
    return _published(session, str(found["uri"]))


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the record; one already gone is fine."""
    try:
        repo, rkey = parts(remote_id)
    except ValueError as error:
        raise Rejected("", "not_there") from error
    if repo != session.remote_id:
        raise Rejected("", "not_there")
    body = {"repo": repo, "collection": POST, "rkey": rkey}
    await procedure(
        session.http, session.urls["api"], "com.atproto.repo.deleteRecord", access(session), body, write=False
    )


def _published(session: Session, uri: str) -> Published:
    return Published(uri, f"{session.urls.get('web', '')}/profile/{session.handle}/post/{parts(uri)[1]}")


async def _record(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    text = wording(outgoing)
    dids = {handle: did for handle in handles(text) if (did := await _resolve(session, handle))}
    made: dict[str, Any] = {
        "$type": POST,
        "text": text,
        "createdAt": clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if outgoing.language:
        made["langs"] = [_language(outgoing.language)]
    if found := facets(text, dids):
        made["facets"] = found
    if outgoing.kind == "reply":
        made["reply"] = await _thread(session, outgoing.reply_to)
    if embed := await _embed(session, outgoing):
        made["embed"] = embed
    return made


def _language(tag: str) -> str:
    """A language tag as BCP 47 writes it: "zh-hans" is "zh-Hans"."""
    first, *rest = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(p.title() if len(p) == 4 else p.upper() for p in rest)])


async def _resolve(session: Session, handle: str) -> str:
    """The DID of a handle, "" when nobody has it."""
    params = (("handle", handle),)
    method = "com.atproto.identity.resolveHandle"
    try:
        found = await query(session.http, session.urls["api"], method, access(session), params)
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
    shown = (await view(session, "app.bsky.feed.getPosts", ("uris", parent))).get("posts") or []
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
    found = await record(session, repo, rkey)
    if found is None:
        raise Rejected("reply_to", "deleted")
    return _between(str(found["uri"]), str(found["cid"]), found.get("value") or {})


def _between(uri: str, cid: str, value: dict[str, Any]) -> dict[str, Any]:
    here = {"uri": uri, "cid": cid}
    return {"root": (value.get("reply") or {}).get("root") or here, "parent": here}


async def _blob(session: Session, outgoing: Outgoing, media: Media) -> dict[str, Any]:
    """The file's reference: named by its content, so the one an earlier try was given is as good."""
    if kept := outgoing.uploads.get(media):
        return dict(json.loads(kept.handle))
    blob = await upload(session, media)
    await outgoing.uploads.keep(media, json.dumps(blob))
    return blob


async def _embed(session: Session, outgoing: Outgoing) -> dict[str, Any] | None:
    if outgoing.media:
        images = []
        for media in outgoing.media:
            image: dict[str, Any] = {"alt": media.alt, "image": await _blob(session, outgoing, media)}
            if media.width and media.height:
                image["aspectRatio"] = {"width": media.width, "height": media.height}
            images.append(image)
        return {"$type": "app.bsky.embed.images", "images": images}
    if outgoing.link:
        title = outgoing.options.get("card_title") or outgoing.title or (URL(outgoing.link).host or "")
        external = {
            "uri": outgoing.link,
            "title": title,
            "description": outgoing.options.get("card_text", ""),
        }
        return {"$type": "app.bsky.embed.external", "external": external}
    return None
