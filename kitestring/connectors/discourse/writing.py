"""What is sent: the text with its link and pictures, and where it belongs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse import ids
from kitestring.connectors.discourse.client import Forum
from kitestring.kit import clock

ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
# The forum clears away what no post shows after two days (clean_orphan_uploads_grace_period_hours: 48).
STAYS: Final = timedelta(hours=40)


def words(outgoing: Outgoing) -> str:
    """The text, with the link on a line of its own unless the text carries it: the forum makes a card of such a line."""
    if outgoing.link and outgoing.link not in outgoing.text:
        return f"{outgoing.text}\n\n{outgoing.link}".strip()
    return outgoing.text


async def body_of(there: Forum, outgoing: Outgoing) -> dict[str, Any]:
    """The call that puts it live, its pictures uploaded before."""
    pictures = [await _picture(there, outgoing, media, place) for place, media in enumerate(outgoing.media)]
    raw = "\n\n".join(filter(None, [words(outgoing), *pictures]))
    if outgoing.kind == "message":
        return {"raw": raw, "topic_id": int(outgoing.root)}
    if outgoing.kind == "reply":
        return {"raw": raw, **await _under(there, outgoing.reply_to)}
    made: dict[str, Any] = {"raw": raw, "title": outgoing.title.strip(), "external_id": str(outgoing.key)}
    if recipients := outgoing.options.get("recipients", "").strip():
        names = [one.lstrip("@") for one in re.split(r"[\s,;，、]+", recipients) if one]
        return {**made, "archetype": "private_message", "target_recipients": ",".join(names)}
    if category := outgoing.options.get("category", "").strip():
        if not ids.TOPIC.fullmatch(category):
            raise Rejected("options", "category_refused")
        made["category"] = int(category)
    if tags := outgoing.options.get("tags", "").strip():
        made["tags"] = await _tags(there, tags)
    return made


async def _picture(there: Forum, outgoing: Outgoing, media: Media, place: int) -> str:
    """The picture as the forum's Markdown shows it."""
    kept = outgoing.uploads.get(media, str(place))
    if kept is None:
        name = f"{media.sha256[:12] or place}.{ENDINGS.get(media.mime, 'bin')}"
        address = str((await there.upload(media, name))["short_url"])
        until = clock.now() + STAYS
        await outgoing.uploads.keep(media, address, place=str(place), expires_at=until)
    else:
        address = kept.handle
    alt = re.sub(r"[\[\]|\n]+", " ", media.alt).strip() or "image"
    size = f"|{media.width}x{media.height}" if media.width and media.height else ""
    return f"![{alt}{size}]({address})"


async def _under(there: Forum, reply_to: str) -> dict[str, Any]:
    """The topic, and the number of the post that is answered. A post that is gone is not answered."""
    topic, post = ids.post_in(reply_to)
    if not post:
        return {"topic_id": int(topic)}
    try:
        found = await there.read(f"/posts/{post}.json")
    except Rejected as error:
        if error.reason in ("not_there", "not_permitted"):
            raise Rejected("reply_to", "deleted", said=error.said) from error
        raise
    return {"topic_id": int(found["topic_id"]), "reply_to_post_number": int(found["post_number"])}


async def _tags(there: Forum, typed: str) -> list[Any]:
    """The tags as this forum takes them: newer ones by number and name, older ones by name alone."""
    wanted = list(
        dict.fromkeys(one.strip().lstrip("#") for one in re.split(r"[,;，、\n]+", typed) if one.strip())
    )
    listed = (await there.read("/tags.json")).get("tags") or []
    known = {str(one.get("name") or one.get("text") or one.get("id")): one.get("id") for one in listed}
    if not any(isinstance(number, int) for number in known.values()):
        return wanted
    return [{"id": known[name], "name": name} if name in known else {"name": name} for name in wanted]
