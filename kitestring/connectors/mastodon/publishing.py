"""Publishing on Mastodon under the delivery's own Idempotency-Key, which the server remembers for an hour.

Looking up: the server checks the key before anything else (mastodon/mastodon, post_status_service.rb), so an EMPTY
post under the same key returns the first post if there was one, and is refused ("can't be blank") if not: a question
that can never publish. When the hour may be over, the own timeline is read too; a post there with the same words
but without a remembered key is nobody's proof, and a person decides.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.mastodon.client import Server, number, server
from kitestring.connectors.mastodon.drafting import body_of, check, wording
from kitestring.kit import clock

__all__ = ["check", "follow", "look_up", "publish", "withdraw"]

REMEMBERED = timedelta(minutes=55)  # of the documented hour
NEWEST = 40  # posts of the own timeline, its largest page


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Upload the files, then post. Files still being processed: Processing, and `follow` posts when they are done."""
    check(session, outgoing)
    place = server(session)
    body = await body_of(place, session, outgoing)
    sent = [await _uploaded(place, outgoing, number) for number in range(len(outgoing.media))]
    ids = [media_id for media_id, _ in sent]
    if all(ready for _, ready in sent):
        return await _post(place, body, ids, outgoing)
    return Processing(json.dumps({"media": ids}), poll_after=2.0, handed_over=False)


async def _uploaded(place: Server, outgoing: Outgoing, number: int) -> tuple[str, bool]:
    """(media id, whether it is ready). What an earlier try left is used if the server still has it, about a day."""
    media, where = outgoing.media[number], str(number)
    if kept := outgoing.uploads.get(media, where):
        try:
            return kept.handle, await place.ready(kept.handle)
        except Rejected:
            await outgoing.uploads.forget(media, where)
    media_id, ready = await place.upload(media, number)
    await outgoing.uploads.keep(media, media_id, place=where)
    return media_id, ready


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Post as soon as every file is ready. Raises Rejected("media") when one failed."""
    place = server(session)
    ids = [str(media_id) for media_id in json.loads(outgoing.handle)["media"]]
    for media_id in ids:
        if not await place.ready(media_id):
            return Processing(outgoing.handle, poll_after=5.0, handed_over=False)
    return await _post(place, await body_of(place, session, outgoing), ids, outgoing)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The post under our key; None when the key is unknown and no post has these words.

    Raises Ambiguous("look_up_unclear") when a post has the words but the key may be forgotten.
    """
    place = server(session)
    remembers = bool(session.settings.get("remembers_keys", True))
    if remembers and (found := await _by_key(place, outgoing)):
        return found
    for status in await _with_these_words(place, session, outgoing):
        still_remembered = clock.now() - datetime.fromisoformat(str(status["created_at"])) < REMEMBERED
        if not (remembers and still_remembered):
            raise Ambiguous("look_up_unclear", said=str(status.get("url") or ""))
    return None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post; one already gone is fine."""
    try:
        await server(session).call("DELETE", f"/api/v1/statuses/{number(remote_id)}")
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _by_key(place: Server, outgoing: Outgoing) -> Published | None:
    try:
        return _published(await place.write("/api/v1/statuses", {"status": ""}, str(outgoing.key)))
    except Rejected as error:
        if error.params.get("status") == 422:  # nothing under this key, and nothing to post
            return None
        raise


async def _with_these_words(place: Server, session: Session, outgoing: Outgoing) -> list[dict[str, Any]]:
    """Our posts since the duty was made whose source text ends with its words."""
    path = f"/api/v1/accounts/{session.settings.get('account_id')}/statuses"
    params = (("limit", str(NEWEST)), ("exclude_reblogs", "true"))
    found = []
    for status in await place.read(path, params):
        if datetime.fromisoformat(str(status["created_at"])) < outgoing.stamp - timedelta(minutes=1):
            continue
        source = await place.read(f"/api/v1/statuses/{status['id']}/source")
        if _squeezed(str(source.get("text", ""))).endswith(_squeezed(wording(outgoing))):
            found.append(status)
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


async def _post(place: Server, body: dict[str, Any], media_ids: list[str], outgoing: Outgoing) -> Published:
    if media_ids:
        body = {**body, "media_ids": media_ids}
    return _published(await place.write("/api/v1/statuses", body, str(outgoing.key)))


def _published(status: dict[str, Any]) -> Published:
    if not status.get("id"):
        raise Ambiguous("not_itself", said=str(status)[:200])
    return Published(str(status["id"]), str(status.get("url") or status.get("uri") or ""))
