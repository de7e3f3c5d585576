"""Publishing on Nostr: an event is dated and its files are fixed first, then it is signed and told to every relay.

What was fixed is kept (`Processing.handle`) before anything can appear. So each further try makes the very same event, with
the same id, and a relay keeps an event once. Where what was fixed is lost, the event is found by the mark it carries.
"""

from __future__ import annotations

import json
from dataclasses import replace

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.nostr import bech32, files, limits
from kitestring.connectors.nostr.client import ask, key_of, relays, tell
from kitestring.connectors.nostr.events import ARTICLE, COMMENT, DELETION, NOTE, Event
from kitestring.connectors.nostr.line import MOST
from kitestring.connectors.nostr.threads import answering
from kitestring.connectors.nostr.wording import (
    KINDS,
    OURS,
    Fixed,
    content_of,
    fixed_in,
    mark,
    tags_of,
    text_of,
)
from kitestring.kit import clock

EARLY = 120  # seconds that clocks may differ by
HINTS = 2  # relays named in an address
MOST_PAGES = 20


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest, with the relays' own limits, forbids; and files that nobody would keep."""
    check_outgoing(limits.manifest_of(session), replace(outgoing, text=text_of(outgoing)))
    if outgoing.media and not session.urls.get(files.PLACE):
        raise Rejected("media", "no_file_server")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """First look whether it is there, then fix what it will be. `follow` signs and sends it."""
    check(session, outgoing)
    if outgoing.handle:
        return await follow(session, outgoing)
    if there := await _marked(session, outgoing):
        return _published(session, there)
    sent = [await files.uploaded(session, outgoing, number) for number in range(len(outgoing.media))]
    fixed = Fixed(int(clock.now().timestamp()), sent)
    return Processing(fixed.handle(), poll_after=0.0, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Sign what was fixed, and tell every relay; one that takes it is enough."""
    event = await _signed(session, outgoing)
    await tell(session, event)
    return _published(session, event)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The event that carries our mark; None when no relay that answers has it: sent again, it would be the same event."""
    there = await _marked(session, outgoing)
    return _published(session, there) if there else None


async def withdraw(session: Session, remote_id: str) -> None:
    """Ask every relay to delete it (NIP-09); one already gone is fine. Copies elsewhere are beyond anybody's reach."""
    key = key_of(session)
    tags = [["e", _id(remote_id)]]
    for event in await ask(session, {"ids": [remote_id], "authors": [key.pubkey]}):
        tags += [["a", event.address]] if event.kind == ARTICLE else []
        tags.append(["k", str(event.kind)])
    await tell(session, key.sign(DELETION, "", tags, int(clock.now().timestamp())))


async def _marked(session: Session, outgoing: Outgoing) -> Event | None:
    """Our event with this duty's mark, among those since the duty was made, the newest first."""
    author, wanted = key_of(session).pubkey, mark(outgoing.key)
    kinds = [KINDS[outgoing.kind]] if outgoing.kind in KINDS else [NOTE, COMMENT]
    since, until = int(outgoing.stamp.timestamp()) - EARLY, int(clock.now().timestamp()) + EARLY
    for _ in range(MOST_PAGES):
        page = await ask(
            session, {"authors": [author], "kinds": kinds, "since": since, "until": until, "limit": MOST}
        )
        for event in page:
            if event.first(OURS) == wanted:
                return event
        if len(page) < _most_at_once(session) or page[0].created_at >= until:
            return None
        until = page[0].created_at
    return None


def _most_at_once(session: Session) -> int:
    return min(MOST, limits.kept(session, "events") or MOST)


async def _signed(session: Session, outgoing: Outgoing) -> Event:
    fixed = fixed_in(outgoing.handle)
    kind, tags = KINDS.get(outgoing.kind, NOTE), tags_of(outgoing, fixed)
    if outgoing.kind == "reply":
        kind, above = await answering(session, outgoing)
        known = {tuple(tag[:2]) for tag in above}
        tags = [*above, *(tag for tag in tags if tuple(tag[:2]) not in known)]
    event = key_of(session).sign(kind, content_of(outgoing, fixed), tags, fixed.at)
    most = limits.kept(session, "message")
    size = len(json.dumps(["EVENT", event.body()], separators=(",", ":"), ensure_ascii=False).encode())
    if most is not None and size > most:
        raise Rejected("text", "event_too_big", params={"count": size, "limit": most, "over": size - most})
    return event


def _id(remote_id: str) -> str:
    if len(remote_id) != 64:
        raise Rejected("", "not_there")
    return remote_id


def _published(session: Session, event: Event) -> Published:
    hints = [relay.shown for relay in relays(session)][:HINTS]
    name = bech32.nevent(event.id, hints, event.pubkey, event.kind)
    web = session.urls.get("web", "")
    return Published(event.id, f"{web}/{name}" if web else "")
