"""Publishing pins: one picture, two to five to swipe through, or a video that Pinterest processes first.

Pinterest knows no key and takes the same pin twice. After a lost answer the pins of the board are read: ours is the one with
our colour (see `marks`) and our words. Where Pinterest gave it a colour of its own, nobody can tell, and a person decides.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.pinterest import marks, videos
from kitestring.connectors.pinterest.client import MANIFEST, api, pin_path
from kitestring.connectors.pinterest.sources import alt_of, pictures

LINK: Final = 2048  # github.com/pinterest/api-description, v5/openapi.json 5.23.0, PinCreate.link
POLL: Final = 10.0  # seconds until a video is asked about again
SKEW: Final = timedelta(minutes=10)  # how far Pinterest's clock may be behind ours


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, a link too long, and a pin of which nobody said on which board it goes."""
    check_outgoing(MANIFEST, outgoing)
    check_link(outgoing.link)
    board_of(session, outgoing)
    alt_of(outgoing.media)
    for option, reason in (("sponsor_id", "sponsor_wrong"), ("cover_second", "cover_wrong")):
        number = outgoing.options.get(option, "")
        if number and not (number.isascii() and number.isdecimal()):
            raise Rejected(f"options.{option}", reason)


def check_link(link: str) -> None:
    if len(link) > LINK:
        raise Rejected("link", "link_too_long", params={"limit": LINK, "over": len(link) - LINK})
    if link and not link.lower().startswith(("https://", "http://")):
        raise Rejected("link", "link_wrong")


def board_of(session: Session, outgoing: Outgoing) -> str:
    """The board chosen, or the only one there is. Raises Rejected("options.board") where that is not said."""
    chosen = outgoing.options.get("board", "")
    known = session.settings.get("boards") or []
    if not chosen and len(known) == 1:
        chosen = str(known[0]["value"])
    if not chosen:
        raise Rejected("options.board", "board_missing" if known else "no_boards")
    if not (chosen.isascii() and chosen.isdecimal()):
        raise Rejected("options.board", "board_gone")
    return chosen


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Create the pin, once. A video that is still processed: Processing, and `follow` creates the pin."""
    check(session, outgoing)
    alt = alt_of(outgoing.media)
    if not videos.has_video(outgoing):
        return await _create(session, outgoing, pictures(outgoing), alt)
    media_id, ready = await videos.uploaded(session, outgoing)
    if ready:
        return await _create(session, outgoing, videos.source(media_id, outgoing), alt)
    return Processing(videos.handle(media_id, alt), poll_after=POLL, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Create the pin as soon as its video is processed. Raises Rejected("media") where that failed."""
    media_id, alt = videos.from_handle(outgoing.handle)
    try:
        ready = await videos.ready(session, media_id)
    except Rejected as error:
        if error.reason != "not_there":
            raise
        raise Rejected("media", "processing_failed", said=error.said) from error
    if not ready:
        return Processing(outgoing.handle, poll_after=POLL, handed_over=False)
    return await _create(session, outgoing, videos.source(media_id, outgoing), alt)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The pin with our colour and our words; None when no pin can be it.

    It is looked for on the board that was chosen, or among all pins of the account: which board was the only one may
    have changed since.
    Raises Ambiguous("look_up_unclear") for a pin with the same words since, whose colour is not one of ours.
    """
    doubted: dict[str, Any] | None = None
    wanted = marks.colour(outgoing.key)
    board = outgoing.options.get("board", "")
    try:
        async for pin in api(session).listed(f"boards/{board}/pins" if board.isdecimal() else "pins"):
            shown = str(pin.get("dominant_color") or "")
            if made_at(pin) < outgoing.stamp - SKEW:
                continue
            alike, ours = _words(pin) == _words(_body(outgoing)), marks.same(shown, wanted)
            if alike and ours:
                return published(session, pin)
            if ours or (alike and not marks.is_marked(shown)):
                doubted = pin
    except Rejected as error:
        if error.reason != "board_gone":
            raise
        return None  # a board that is deleted takes its pins along
    except RetryLater as error:
        if error.reason != "list_too_long":
            raise
        raise Ambiguous("look_up_unclear") from error
    if doubted is not None:
        raise Ambiguous("look_up_unclear", said=published(session, doubted).url)
    return None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the pin; one already gone is fine."""
    try:
        await api(session).call("DELETE", pin_path(remote_id), write=True)
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _create(session: Session, outgoing: Outgoing, source: dict[str, Any], alt: str) -> Published:
    body = {
        **_body(outgoing),
        "board_id": board_of(session, outgoing),
        "dominant_color": marks.colour(outgoing.key),
        "media_source": source,
    }
    if alt:
        body["alt_text"] = alt
    if sponsor := outgoing.options.get("sponsor_id"):
        body["sponsor_id"] = sponsor
    pin = await api(session).call("POST", "pins", write=True, json=body)
    if not isinstance(pin, dict) or not pin.get("id"):
        raise Ambiguous("not_itself", said=str(pin)[:200])
    return published(session, pin)


def _body(outgoing: Outgoing) -> dict[str, Any]:
    """Words and link; what is empty is left out."""
    told = {
        "title": outgoing.title.strip(),
        "description": outgoing.text.strip(),
        "link": outgoing.link.strip(),
    }
    return {key: value for key, value in told.items() if value}


def _words(pin: dict[str, Any]) -> tuple[str, str]:
    """Title and description without blanks: the channel may set those as it likes."""
    title, text = pin.get("title") or "", pin.get("description") or ""
    return "".join(str(title).split()), "".join(str(text).split())


def made_at(pin: dict[str, Any]) -> datetime:
    """When the pin was made; Pinterest's times are UTC and often say no zone. Without one: now, so that it is looked at."""
    try:
        found = datetime.fromisoformat(str(pin.get("created_at") or ""))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def published(session: Session, pin: dict[str, Any]) -> Published:
    return Published(str(pin["id"]), f"{session.urls['web']}/pin/{pin['id']}/")
