"""Answers to our posts and mentions of the account since the cursor, by the dates their authors gave them.

Whoever signs an event dates it, and relays may hear of it late: so the last days are read again, and known by their ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.client import ask
from kitestring.connectors.nostr.events import ARTICLE, COMMENT, NOTE, Event
from kitestring.connectors.nostr.line import MOST, Filter
from kitestring.connectors.nostr.people import Person, known_as
from kitestring.connectors.nostr.threads import parent_of, roots_of

LATE = 2 * 86400  # seconds
MOST_KNOWN = 3000
AT_ONCE = 100


@dataclass(frozen=True)
class Read:
    """How far was read: the newest date (seconds since 1970), and the ids of the days before it."""

    to: int = 0
    ids: Sequence[str] = field(default_factory=tuple)

    @property
    def since(self) -> dict[str, int]:
        return {"since": max(0, self.to - LATE)} if self.to else {}

    def and_(self, events: Sequence[Event]) -> Read:
        to = max([self.to, *(event.created_at for event in events)])
        fresh = [event.id for event in events if event.created_at > to - LATE]
        return Read(to, [*self.ids, *fresh][-MOST_KNOWN:])


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers at any depth under `posts`, our own marked, and who names the account elsewhere."""
    read = _opened(cursor)
    ours = {post: post for post in posts if len(post) == 64}
    if ours:
        # An article's comments hang on its address, which stays while its versions change.
        articles = await ask(session, {"ids": list(ours), "kinds": [ARTICLE]})
        ours |= {event.address: event.id for event in articles}
    found = await ask(session, *_filters(session, ours, read))
    new = [event for event in found if event.id not in read.ids and event.id not in ours]
    people = await known_as(session, {event.pubkey for event in new}) if new else {}
    messages = [_incoming(session, event, ours, people) for event in new]
    kept = read.and_(new)
    told = [message for message in messages if message is not None]
    return IncomingPage(told, json.dumps({"to": kept.to, "ids": list(kept.ids)}, separators=(",", ":")))


def _filters(session: Session, ours: Mapping[str, str], read: Read) -> list[Filter]:
    filters: list[Filter] = [{"kinds": [NOTE], "#p": [session.remote_id], **read.since, "limit": MOST}]
    ids, addresses = [i for i in ours if len(i) == 64], [a for a in ours if ":" in a]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        filters.append({"kinds": [NOTE, COMMENT], "#e": some, **read.since, "limit": MOST})
    if addresses:
        filters.append({"kinds": [COMMENT], "#A": addresses, **read.since, "limit": MOST})
    return filters


def _opened(cursor: str) -> Read:
    try:
        found = json.loads(cursor or "{}")
        return Read(int(found.get("to", 0)), [str(one) for one in found.get("ids", ())])
    except (ValueError, TypeError, AttributeError):
        return Read()


def _incoming(
    session: Session, event: Event, ours: Mapping[str, str], people: Mapping[str, Person]
) -> Incoming | None:
    above = next((ours[one] for one in roots_of(event) if one in ours), "")
    own = event.pubkey == session.remote_id
    if not above and own:
        return None
    author = people[event.pubkey]
    web = session.urls.get("web", "")
    return Incoming(
        remote_id=event.id,
        post_remote_id=above,
        author_id=event.pubkey,
        author_name=author.name,
        author_handle=author.handle,
        author_avatar_url=author.avatar_url,
        text=event.content.strip(),
        at=datetime.fromtimestamp(event.created_at, UTC),
        parent_id=parent_of(event),
        url=f"{web}/{bech32.nevent(event.id, (), event.pubkey, event.kind)}" if web else "",
        own=own,
        kind="comment" if above else "mention",
    )
