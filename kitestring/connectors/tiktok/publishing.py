"""Publishing on TikTok: videos go up under a number that is stored first; photos are fetched from here by one call.

After a lost answer a video's number says what became of it. Photos have no number before the answer to the call that posts
them: there a doubt is a person's. Nothing can be changed or deleted by the API.
"""

from __future__ import annotations

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectors.tiktok import creator, drafting, stands, uploading
from kitestring.connectors.tiktok.client import api
from kitestring.connectors.tiktok.stands import OVER, POLL, Known
from kitestring.kit import clock

check = drafting.check
BY_NUMBER = ("video", "draft")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it once. What an earlier try left there is asked for first; then what the account may post now."""
    check(session, outgoing)
    found = await _found(session, outgoing)
    if found is not None:
        return found
    if outgoing.kind in drafting.DIRECT:
        creator.refuse(await creator.ask(api(session)), outgoing)
    if outgoing.kind in BY_NUMBER:
        return await uploading.sent(session, outgoing)
    told = await api(session).ask("post/publish/content/init", drafting.album(outgoing), write=True)
    if not told.get("publish_id"):
        raise Ambiguous("not_itself", said=str(sorted(told))[:200])
    known = Known(str(told["publish_id"]), at=clock.now().isoformat())
    return Processing(known.text, poll_after=POLL)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Ask how far it is. Raises what made it fail."""
    known = stands.known_of(outgoing.handle)
    told = await stands.asked(session, known) if known is not None else None
    if known is None or told is None:
        raise Ambiguous("asked_by_another")
    if told.status == OVER:
        raise stands.failure(told)
    found = stands.outcome(session, outgoing, known, told)
    return found if found is not None else Processing(outgoing.handle, poll_after=POLL)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by its number; None when the upload never became whole, or failed.

    Without a number no byte of a video left this house, unless the number was lost with what came after a backup.
    """
    found = await _found(session, outgoing)
    if found is not None:
        return found
    if outgoing.kind not in BY_NUMBER:
        raise Ambiguous("asked_by_another")
    if outgoing.restored and not any(stands.all_known(outgoing)):
        raise Ambiguous("handle_lost")
    return None


async def _found(session: Session, outgoing: Outgoing) -> Outcome | None:
    """What became of the numbers that earlier tries were given, the first that came to something.

    A number becomes the handle when its whole file is there, so it was used. Raises Ambiguous("number_unheard") where TikTok
    says that it does not know such a one: its post may come all the same.
    """
    handed_over = stands.known_of(outgoing.handle)
    for known in stands.all_known(outgoing):
        told = await stands.asked(session, known)
        if told is None and handed_over is not None and handed_over.publish == known.publish:
            raise Ambiguous("number_unheard")
        found = stands.outcome(session, outgoing, known, told) if told is not None else None
        if found is not None:
            return found
    return None
