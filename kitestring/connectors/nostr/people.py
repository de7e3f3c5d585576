"""Who is behind a key: the names people gave themselves, asked of the relays in one go."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from kitestring.connectorkit.contract import Session
from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.client import ask
from kitestring.connectors.nostr.events import PROFILE

AT_ONCE = 100


@dataclass(frozen=True)
class Person:
    """A name to show, the identifier they proved (NIP-05) or their npub, and a picture."""

    name: str
    handle: str
    avatar_url: str = ""


async def known_as(session: Session, pubkeys: Collection[str]) -> dict[str, Person]:
    """Each key's person; one without a profile goes by the first letters of the npub."""
    people = {pubkey: _unnamed(pubkey) for pubkey in pubkeys}
    for some in _parts(sorted(people)):
        for event in await ask(session, {"kinds": [PROFILE], "authors": some, "limit": len(some)}):
            people[event.pubkey] = _told(event.content, people[event.pubkey])
    return people


def _parts(keys: list[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _unnamed(pubkey: str) -> Person:
    short = f"{bech32.npub(pubkey)[:16]}…"
    return Person(short, short)


def _told(content: str, before: Person) -> Person:
    try:
        told = json.loads(content)
    except ValueError:
        return before
    if not isinstance(told, dict):
        return before
    name = str(told.get("display_name") or told.get("name") or before.name)
    picture = str(told.get("picture") or "")
    handle = str(told.get("nip05") or before.handle)
    return Person(name[:200], handle[:200], picture if picture.startswith("https://") else "")
